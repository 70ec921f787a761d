using Microsoft.Extensions.Time.Testing;
using Slipway.Capacity.Learning;
using Slipway.Models.Memory;
using Slipway.Models.Speed.Learning;
using Slipway.Testing;

namespace Slipway.Capacity.Tests.Learning;

/// <summary>Learning from what replicas count, minute by minute.</summary>
public sealed class SpeedKeeperTests : IDisposable
{
    private static readonly SpeedSubject s_subject = new("org/m", null, new EngineSettings(), "h100-sxm", Layout.Single);
    private readonly TempDirectory _folder = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SpeedFile Store => new(_folder["speed.json"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_two_replicas_did_between_two_looks_is_one_observation_that_outlives_the_process()
    {
        await RunAsync(
            [Look("a", Counters(0)), Look("b", Counters(0))],
            // 30 requests of 4 s each in a minute on each of two: two at once.
            [Look("a", Counters(30)), Look("b", Counters(30))]);
        var seen = Assert.Single((await Store.ReadAsync(Token)).Learned.Of("org/m"));
        Assert.Equal((60, 100, 50, 2), (seen.Requests, seen.PromptTokens, seen.OutputTokens, seen.Running));
        Assert.Equal(0.02, seen.InterTokenSeconds, 1e-9);
        Assert.Equal(0.3, seen.FirstTokenSeconds!.Value, 1e-9);
        Assert.Equal(_time.GetUtcNow() - SpeedKeeper.Look, seen.Last);
    }

    [Fact]
    public async Task What_began_anew_what_idled_and_what_was_away_teach_nothing()
    {
        await RunAsync([Look("a", Counters(30))], [Look("a", Counters(10))], [Look("a", Counters(11))], [], [Look("a", Counters(500))]);
        Assert.Empty((await Store.ReadAsync(Token)).Learned.Observations);
        Assert.False(File.Exists(_folder["speed.json"]));
    }

    [Fact]
    public async Task A_replica_that_became_another_model_is_not_compared_with_what_it_was()
    {
        await RunAsync([Look("a", Counters(0))], [new ReplicaLook("a", s_subject with { Model = "org/other" }, Counters(40))]);
        Assert.Empty((await Store.ReadAsync(Token)).Learned.Observations);
    }

    [Fact]
    public async Task A_file_that_is_no_longer_what_was_written_is_said_and_begun_anew()
    {
        File.WriteAllText(_folder["speed.json"], "[{]");
        Assert.Contains("it is not what was written", (await Store.ReadAsync(Token)).Fault, StringComparison.Ordinal);
        var told = await RunAsync([Look("a", Counters(0))], [Look("a", Counters(30))]);
        Assert.Contains("speed.json", Assert.Single(told), StringComparison.Ordinal);
        Assert.Single((await Store.ReadAsync(Token)).Learned.Observations);
    }

    private static ReplicaLook Look(string replica, EngineCounters counters) => new(replica, s_subject, counters);

    private static EngineCounters Counters(int requests) => new()
    {
        Requests = requests,
        RequestSeconds = requests * 4,
        PromptTokens = requests * 100,
        OutputTokens = requests * 50,
        FirstTokens = requests,
        FirstTokenSeconds = requests * 0.3,
        Gaps = requests * 49,
        GapSeconds = requests * 49 * 0.02,
    };

    // One look a minute; the keeper is at rest when it waits for the clock.
    private async Task<List<string>> RunAsync(params ReplicaLook[][] looks)
    {
        var told = new List<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var looked = new SemaphoreSlim(0);
        var next = 0;
        var keeper = new SpeedKeeper(
            Store,
            _ =>
            {
                IReadOnlyList<ReplicaLook> now = next < looks.Length ? looks[next] : [];
                next++;
                looked.Release();
                return Task.FromResult(now);
            },
            _time);
        keeper.Failed += told.Add;
        var run = keeper.RunAsync(stop.Token);
        for (var i = 0; i < looks.Length; i++)
        {
            await looked.WaitAsync(Token);
            if (i + 1 < looks.Length) _time.Advance(SpeedKeeper.Look);
        }

        // The look after the last begins only when the last is dealt with.
        _time.Advance(SpeedKeeper.Look);
        await looked.WaitAsync(Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        return told;
    }
}
