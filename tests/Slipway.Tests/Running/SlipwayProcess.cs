using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;

namespace Slipway.Tests.Running;

/// <summary>A real `slipway up` as a child process, on data of its own.</summary>
internal sealed class SlipwayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private SlipwayProcess(Process process, string data)
    {
        _process = process;
        Data = data;
    }

    /// <summary>The program that was built with these tests.</summary>
    public static string Program { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Slipway", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "slipway"));

    public string Data { get; }

    public string Kubeconfig => Path.Combine(Data, "kubeconfig");

    public int Pid => _process.Id;

    public Uri Gateway => new((string)Instance["gateway"]!);

    public Uri Web => new((string)Instance["web"]!);

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    private JsonNode Instance => JsonNode.Parse(File.ReadAllText(Path.Combine(Data, "instance.json")))!;

    /// <summary>Starts it, and waits until it says that it is up.</summary>
    public static async Task<SlipwayProcess> UpAsync(string data, CancellationToken cancellationToken, params string[] arguments)
    {
        await LendEngineAsync(data);
        var slipway = Start(data, arguments);
        await slipway.WaitForAsync("Ctrl-C stops everything", cancellationToken);
        return slipway;
    }

    /// <summary>Starts it.</summary>
    public static SlipwayProcess Start(string data, params string[] arguments) => StartWith(data, [], arguments);

    /// <summary>Starts it with variables.</summary>
    public static SlipwayProcess StartWith(string data, Dictionary<string, string> variables, params string[] arguments) =>
        Launch(data, variables, ["up", "--data", data, "--no-browser", "--api-port", "0", "--gateway-port", "0", "--web-port", "0", .. arguments]);

    /// <summary>Starts any command that stays.</summary>
    public static SlipwayProcess Launch(string data, Dictionary<string, string> variables, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Isolate(start.Environment, data);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var slipway = new SlipwayProcess(process, data);
        process.OutputDataReceived += (_, line) => slipway.OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => slipway.OnLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return slipway;
    }

    /// <summary>Runs a command against it.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunOnAsync(Data, arguments);

    /// <summary>Runs a command against some data.</summary>
    public static Task<CommandResult> RunOnAsync(string data, params string[] arguments) =>
        Command.RunAsync(Program, [.. arguments, "--data", data], cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Runs kubectl against it.</summary>
    public async Task<CommandResult> KubectlAsync(params string[] arguments)
    {
        var kubectl = await Tools.KubectlAsync();
        return await kubectl.RunAsync(["--kubeconfig", Kubeconfig, .. arguments], TestContext.Current.CancellationToken);
    }

    /// <summary>Runs kubectl, which must succeed.</summary>
    public async Task<string> KubectlOkAsync(params string[] arguments)
    {
        var result = await KubectlAsync(arguments);
        Assert.True(result.Succeeded, $"kubectl {string.Join(' ', arguments)} failed: {result.Errors}\n{Output}");
        return result.Output;
    }

    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (!await _lines.Reader.WaitToReadAsync(cancellationToken)) Assert.Fail($"Slipway ended without saying \"{text}\":\n{Output}");
            _lines.Reader.TryRead(out _);
        }
    }

    public void Kill() => _process.Kill();

    public void Interrupt() => Signal("-INT");

    public async Task<int> ExitAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(within, TimeProvider.System, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits for an end without fault; what it said tells why when there is one.</summary>
    public async Task ExitsWellAsync(TimeSpan within)
    {
        var code = await ExitAsync(within);
        Assert.True(code == 0, $"exit {code}:\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Interrupt();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Lets it use the engine that the tests share, instead of installing one for each.</summary>
    public static async Task LendEngineAsync(string data)
    {
        await Tools.EngineAsync();
        var engines = Path.Combine(data, "engines");
        if (Directory.Exists(Path.Combine(Tools.Folder, "engines")) && !Directory.Exists(engines))
        {
            Directory.CreateDirectory(data);
            Directory.CreateSymbolicLink(engines, Path.Combine(Tools.Folder, "engines"));
        }
    }

    // The tests see the bundled models and an empty cache, never the hub or what the user of this machine has.
    private static void Isolate(IDictionary<string, string?> environment, string data)
    {
        environment["SLIPWAY_HOME"] = Tools.RepositoryRoot;
        environment["HF_HOME"] = Path.Combine(data, "huggingface");
        environment["HF_ENDPOINT"] = "http://127.0.0.1:9";
        foreach (var cloud in new[] { "AZURE", "AWS", "GCP" }) environment[$"SLIPWAY_PRICES_{cloud}"] = "http://127.0.0.1:9";
        environment.Remove("HF_TOKEN");
        environment.Remove("SLIPWAY_DATA");
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [signal, _process.Id.ToString()]) { UseShellExecute = false })!;
        kill.WaitForExit();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            // Both streams end at the end of the process; what is then not said never will be.
            if (_process.HasExited) _lines.Writer.TryComplete();
            return;
        }

        lock (_output) _output.AppendLine(line);
        _lines.Writer.TryWrite(line);
    }
}
