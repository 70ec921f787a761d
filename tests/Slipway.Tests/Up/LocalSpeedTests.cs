using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Gateway.Records;
using Slipway.Models.Store;
using Slipway.Testing;
using Slipway.Up;

namespace Slipway.Tests.Up;

/// <summary>How fast the models of this machine are, as the gateway timed them.</summary>
public sealed class LocalSpeedTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly List<ModelDeployment> _deployments = [Local("a")];
    private readonly LocalSpeed _speed;

    public LocalSpeedTests() => _speed = new LocalSpeed(() => _deployments, new ModelStoreOptions { CacheDirectory = _folder.Path, Offline = true });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _speed.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_engine_s_answers_are_summed_and_those_without_a_count_are_not()
    {
        Answer("a", "http://127.0.0.1:1", output: 11, gap: 0.02, first: 0.1);
        Answer("a", "http://127.0.0.1:1", output: 1, gap: null, first: 0.3);
        Answer("a", "http://127.0.0.1:2", output: 21, gap: 0.01, first: null);
        Answer("a", "http://127.0.0.1:2", output: null, gap: 0.01, first: 0.1);
        Answer("gone", "http://127.0.0.1:3", output: 5, gap: 0.01, first: 0.1);
        var looks = (await _speed.LookAsync(Token)).OrderBy(static l => l.Replica, StringComparer.Ordinal).ToList();
        Assert.Equal(["default/a http://127.0.0.1:1", "default/a http://127.0.0.1:2"], looks.Select(static l => l.Replica));
        var first = looks[0].Counters;
        Assert.Equal((2, 20, 12, 10, 2), (first.Requests, first.PromptTokens, first.OutputTokens, first.Gaps, first.FirstTokens));
        Assert.Equal(0.2, first.GapSeconds, 1e-9);
        Assert.Equal("org/a", looks[0].Subject.Model);
    }

    [Fact]
    public void Counting_takes_no_memory_for_each_request()
    {
        var allocated = Allocated.By(() =>
        {
            for (var i = 0; i < 100; i++) Answer("a", "http://127.0.0.1:1", 10, 0.01, 0.1);
        });
        Assert.InRange(allocated, 0, 64 * 100);
    }

    private static ModelDeployment Local(string name) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default" },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = $"org/{name}" } },
        Status = new ModelDeploymentStatus { Provider = new ProviderStatus { Name = "local" } },
    };

    private void Answer(string deployment, string engine, long? output, double? gap, double? first) => _speed.Ended(new RequestRecord
    {
        Started = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(1),
        Operation = RequestOperation.Chat,
        Outcome = RequestOutcome.Ok,
        Status = 200,
        Deployment = deployment == "a" ? "default/a" : "default/gone",
        Engine = engine,
        TokensIn = 10,
        TokensOut = output,
        InterToken = gap is { } g ? TimeSpan.FromSeconds(g) : null,
        TimeToFirstToken = first is { } f ? TimeSpan.FromSeconds(f) : null,
    });
}
