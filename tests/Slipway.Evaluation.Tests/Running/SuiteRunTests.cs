using System.Collections.Immutable;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Running;

public sealed class SuiteRunTests
{
    private static readonly ImmutableArray<Prompt> s_prompts = [.. Enumerable.Range(0, 6).Select(static i => new Prompt($"{i}", []))];

    [Fact]
    public async Task Results_come_in_the_order_drawn_however_long_each_takes()
    {
        var first = new TaskCompletionSource();
        var asked = new List<string>();
        var got = new List<string>();
        await foreach (var (prompt, result) in SuiteRun.InOrderAsync(s_prompts, AskAsync, 3, TestContext.Current.CancellationToken)) got.Add(result);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], got);

        async Task<string> AskAsync(Prompt prompt, CancellationToken cancellationToken)
        {
            asked.Add(prompt.Id);
            // The first is the last to answer: not before others did.
            if (prompt.Id == "0") await first.Task;
            else if (prompt.Id == "2") first.SetResult();
            return prompt.Id;
        }
    }

    [Fact]
    public async Task No_more_are_asked_at_a_time_than_said()
    {
        var (running, most) = (0, 0);
        await foreach (var _ in SuiteRun.InOrderAsync(s_prompts, AskAsync, 2, TestContext.Current.CancellationToken))
        {
        }

        Assert.Equal(2, most);

        async Task<int> AskAsync(Prompt prompt, CancellationToken cancellationToken)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            return Interlocked.Decrement(ref running);
        }
    }

    [Fact]
    public async Task Who_has_heard_enough_leaves_nothing_running()
    {
        var given = 0;
        await foreach (var (prompt, _) in SuiteRun.InOrderAsync(s_prompts, AskAsync, 4, TestContext.Current.CancellationToken)) break;
        Assert.Equal(3, given);

        async Task<int> AskAsync(Prompt prompt, CancellationToken cancellationToken)
        {
            if (prompt.Id == "0") return 0;
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref given);
            }

            return 0;
        }
    }

    [Fact]
    public void A_sample_keeps_the_shares_of_strata_draws_clusters_whole_and_is_the_same_for_the_same_seed()
    {
        var prompts = Enumerable.Range(0, 300).Select(static i => new Prompt($"{i}", []) { Stratum = i < 200 ? "a" : "b", Cluster = i < 100 ? $"talk-{i / 4}" : $"{i}" }).ToImmutableArray();
        var suite = new EvaluationSuite("s", prompts, new(), "sha256:0");
        var drawn = Sampling.Draw(suite, 7, 90);
        Assert.Equal(90, drawn.Length);
        Assert.Equal(drawn.Select(static p => p.Id), Sampling.Draw(suite, 7, 90).Select(static p => p.Id));
        Assert.NotEqual(drawn.Select(static p => p.Id), Sampling.Draw(suite, 8, 90).Select(static p => p.Id));
        Assert.All(drawn.Where(static p => p.Cluster.StartsWith("talk", StringComparison.Ordinal)).GroupBy(static p => p.Cluster, StringComparer.Ordinal), static g => Assert.Equal(4, g.Count()));
        Assert.InRange(drawn.Count(static p => p.Stratum == "a"), 50, 72);
        Assert.Equal(300, Sampling.Draw(suite, 7).DistinctBy(static p => p.Id).Count());
        // A cluster is in one piece, so that it can be counted once it is through.
        var changes = drawn.Zip(drawn.Skip(1)).Count(static p => p.First.Cluster != p.Second.Cluster) + 1;
        Assert.Equal(drawn.DistinctBy(static p => p.Cluster).Count(), changes);
    }
}
