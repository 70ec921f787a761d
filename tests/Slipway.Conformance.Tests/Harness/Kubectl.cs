using System.Diagnostics;
using Slipway.Testing;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>Runs the real kubectl against a server.</summary>
internal sealed class Kubectl(string kubeconfig, string cache, string @namespace, Tool? tool = null)
{
    /// <summary>Where it runs, for files named in arguments.</summary>
    public string? Folder { get; init; }

    public async Task<string> RunAsync(string arguments, string? input = null, int exit = 0, string? editor = null)
    {
        var (code, output, error) = await TryAsync(arguments, input, editor);
        Assert.True(code == exit, $"kubectl {arguments}: exit code {code}\n{output}\n{error}");
        return exit == 0 ? output : error;
    }

    public async Task<(int Code, string Output, string Error)> TryAsync(string arguments, string? input = null, string? editor = null)
    {
        var kubectl = tool ?? await Tools.KubectlAsync();
        var start = new ProcessStartInfo(kubectl.Path, kubectl.LeadingArguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--kubeconfig");
        start.ArgumentList.Add(kubeconfig);
        start.ArgumentList.Add("--cache-dir");
        start.ArgumentList.Add(cache);
        start.ArgumentList.Add("--namespace");
        start.ArgumentList.Add(@namespace);
        foreach (var argument in Split(arguments)) start.ArgumentList.Add(argument);
        if (editor is not null) start.Environment["KUBE_EDITOR"] = editor;
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    // Arguments with spaces stand in single quotes, as in a shell.
    private static IEnumerable<string> Split(string text)
    {
        var parts = text.Split('\'');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1) yield return parts[i];
            else foreach (var word in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries)) yield return word;
        }
    }
}

internal static class KubectlExtensions
{
    /// <summary>The kubectl of this machine as the administrator, in a namespace.</summary>
    public static Kubectl Kubectl(this TestServer server, string @namespace) => new(server.Kubeconfig, Path.Combine(server.Directory, "cache"), @namespace);
}
