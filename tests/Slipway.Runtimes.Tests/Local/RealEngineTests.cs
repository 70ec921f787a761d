using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;
using Slipway.Runtimes.Local.Logs;
using Slipway.Testing;
using Slipway.Testing.Gguf;

namespace Slipway.Runtimes.Tests.Local;

[Trait("Speed", "slow")]
public sealed class RealEngineTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private readonly HttpClient _http = new();
    private EngineCommand _command = null!;
    private LocalEngineHost _host = null!;
    private HostWatcher _watcher = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _command = await Tools.EngineAsync();
        _host = new LocalEngineHost(new LocalEngineHostOptions { DataDirectory = _folder.Path });
        _watcher = new HostWatcher(_host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_is_loaded_and_answers_under_its_served_name()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var ready = await _watcher.UntilAsync(static s => s.ReadyCount == 1);

        var port = ready.Replicas[0].Port;
        var answer = await PostAsync(port, "v1/chat/completions", """{"model":"my-model","messages":[{"role":"user","content":"hi"}],"max_tokens":4}""");
        var models = JsonNode.Parse(await _http.GetStringAsync($"http://127.0.0.1:{port}/v1/models", Cancelled));

        Assert.Equal("my-model", (string?)answer["model"]);
        Assert.Equal(4, (int?)answer["usage"]?["completion_tokens"]);
        Assert.Equal("my-model", (string?)models!["data"]![0]!["id"]);
        Assert.Contains(await EngineLogs.TailAsync(EngineLogs.PathOf(_folder["logs"], "tiny", 0), 500, Cancelled), static l => l.Contains("model loaded", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_killed_engine_is_named_and_comes_back()
    {
        await _host.EnsureAsync(Spec(), 1, Cancelled);
        var pid = (await _watcher.UntilAsync(static s => s.ReadyCount == 1)).Replicas[0].Pid!.Value;

        using (var process = System.Diagnostics.Process.GetProcessById(pid)) process.Kill();
        var backoff = await _watcher.UntilAsync(static s => s.Replicas[0].State == ReplicaState.Backoff);
        var again = await _watcher.UntilAsync(s => s.ReadyCount == 1 && s.Replicas[0].Pid != pid);

        Assert.Equal(ReplicaReasons.Killed, backoff.Replicas[0].Reason);
        Assert.Equal(1, again.Replicas[0].RestartCount);
        Assert.Null(again.Replicas[0].Reason);
    }

    [Fact]
    public async Task Stopping_leaves_no_process()
    {
        await _host.EnsureAsync(Spec(), 2, Cancelled);
        var pids = (await _watcher.UntilAsync(static s => s.ReadyCount == 2)).Replicas.Select(static r => r.Pid!.Value).ToList();
        var started = TimeProvider.System.GetTimestamp();

        await _host.StopAsync("tiny", Cancelled);

        // Two seconds, after which they are killed, and what a busy machine takes for it.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 20);
        Assert.All(pids, static pid => Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(pid)));
        Assert.Empty(Directory.EnumerateFiles(_folder["run"]));
    }

    [Fact]
    public async Task A_model_that_is_no_model_is_said_so()
    {
        var spec = Spec() with { ModelPath = _folder.Write("broken.gguf", "GGUF and nothing else"u8.ToArray()) };

        await _host.EnsureAsync(spec, 1, Cancelled);
        var backoff = await _watcher.UntilAsync(static s => s.Replicas is [{ State: ReplicaState.Backoff }]);

        Assert.Equal(ReplicaReasons.ModelUnreadable, backoff.Replicas[0].Reason);
        Assert.Contains("could not load the model file", backoff.Replicas[0].Message, StringComparison.Ordinal);
    }

    private EngineSpec Spec() => new()
    {
        Name = "tiny",
        Command = _command,
        ModelPath = _folder.Write("models/random.gguf", RandomModel.Bytes()),
        ServedName = "my-model",
        Threads = 1,
        ContextLength = 128,
        LogDirectory = _folder["logs"],
    };

    private async Task<JsonObject> PostAsync(int port, string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"http://127.0.0.1:{port}/{path}"), content, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
