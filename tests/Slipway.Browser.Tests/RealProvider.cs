using System.Diagnostics;
using System.Text;
using Slipway.Testing;

namespace Slipway.Browser.Tests;

/// <summary>The OpenID provider of the npm package <c>oidc-provider</c>, which is certified, as a process of its own.</summary>
internal sealed class RealProvider : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private RealProvider(Process process) => _process = process;

    /// <summary>Its issuer.</summary>
    public string Issuer => Said.Split('\n').Single(static l => l.StartsWith("Provider at ", StringComparison.Ordinal))["Provider at ".Length..].Trim();

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <param name="life">How long its id_tokens last.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<RealProvider> StartAsync(TimeSpan life, CancellationToken cancellationToken)
    {
        var packages = await Tools.NpmAsync("oidc-provider", "oidc-provider@9.13.3");
        var node = await Tools.NodeAsync();
        var start = new ProcessStartInfo(node.Path, [.. node.LeadingArguments, Path.Combine(AppContext.BaseDirectory, "Clients", "oidc-provider.mjs"), packages, $"{life.TotalSeconds:0}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in node.Environment) start.Environment[name] = value;
        var provider = new RealProvider(new Process { StartInfo = start });
        provider._process.OutputDataReceived += provider.OnLine;
        provider._process.ErrorDataReceived += provider.OnLine;
        provider._process.Start();
        provider._process.BeginOutputReadLine();
        provider._process.BeginErrorReadLine();
        await provider.UntilAsync(static said => said.Contains("Provider at ", StringComparison.Ordinal), cancellationToken);
        return provider;
    }

    /// <summary>Takes back what it gave.</summary>
    public async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("take back");
        await _process.StandardInput.FlushAsync(cancellationToken);
        await UntilAsync(static said => said.Contains("taken back", StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>Waits until what it says is so.</summary>
    public async Task UntilAsync(Func<string, bool> holds, CancellationToken cancellationToken)
    {
        while (!holds(Said))
        {
            Assert.False(_process.HasExited, Said);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        lock (_said) _said.AppendLine(line.Data);
    }
}
