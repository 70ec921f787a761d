using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;
using Slipway.Operator.Rollouts;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Rollouts;

public sealed class EvidenceReaderTests : IDisposable
{
    private static readonly ModelRollout s_rollout = new()
    {
        Metadata = new ObjectMeta { Name = "r", Namespace = "default", Uid = "u" },
        Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "a" }, Candidate = default, Steps = [] },
    };

    private readonly TempDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Evidence.File(_folder.Path, "default", "r", "g");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Units_that_a_crash_had_asked_again_count_once_and_the_later_way()
    {
        Add("u", 0, 1);
        Add("u", 1, 1);
        Add("u", 2, 1);
        Add("u", 1, 0);
        Add("other", 0, 0);
        Assert.Equal([(0L, 1d), (1, 0)], (await ReadAsync()).Select(static p => (p.Unit, p.Candidate.Score!.Value)));
    }

    [Fact]
    public async Task What_belongs_together_stays_together_and_a_unit_asked_again_replaces_itself()
    {
        foreach (var part in (int[])[0, 1, 2]) Add("u", 0, 1, part);
        foreach (var part in (int[])[0, 1]) Add("u", 1, 0, part);
        // A crash, before the status had the second unit.
        foreach (var part in (int[])[0, 1, 2]) Add("u", 1, 1, part);
        Assert.Equal([(0L, 3, 3d), (1, 3, 3)], (await ReadAsync()).GroupBy(static p => p.Unit).Select(static g => (g.Key, g.Count(), g.Sum(static p => p.Candidate.Score!.Value))));
    }

    [Fact]
    public async Task A_gate_that_is_asked_at_two_steps_has_the_pairs_of_each()
    {
        Add("u", 0, 1, step: 0);
        Add("u", 1, 1, step: 0);
        Add("u", 0, 0);
        Assert.Equal([(0L, 0d)], (await ReadAsync()).Select(static p => (p.Unit, p.Candidate.Score!.Value)));
    }

    [Fact]
    public async Task A_line_that_was_broken_off_takes_no_other_with_it_and_what_is_no_pair_is_said()
    {
        Add("u", 0, 1);
        await System.IO.File.AppendAllTextAsync(File, """{"rollout":"u","unit":1,"bas""", Token);
        Assert.Single(await ReadAsync());
        Add("u", 1, 0);
        Assert.Equal([(0L, 1d), (1, 0)], (await ReadAsync()).Select(static p => (p.Unit, p.Candidate.Score!.Value)));
        await System.IO.File.AppendAllTextAsync(File, "{}\n", Token);
        Assert.Contains("Line 4 of", (await Assert.ThrowsAsync<IOException>(async () => await ReadAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_course_ends_where_the_verdict_was_reached()
    {
        var comparison = new Comparison(new NonInferiority(0.1));
        long unit = 0;
        while (comparison.State.Verdict is Verdict.Undecided)
        {
            var score = unit % 2;
            Add("u", unit++, score);
            comparison.Add((Result(1), Result(score)));
        }

        var course = EvidenceReader.Course(new GateStatus { Name = "g", Verdict = "Fail", Margin = 0.1, Alpha = 0.05, AlphaFail = 0.05 }, await ReadAsync());
        Assert.Equal((unit, 1d), (course[^1].Units, course[^1].Fail));
        Assert.All(course[..^1], static m => Assert.True(m is { Fail: < 1, Pass: < 1 }));
    }

    [Fact]
    public async Task What_was_never_written_is_empty() => Assert.Empty(await ReadAsync());

    private Task<System.Collections.Immutable.ImmutableArray<GradedPair>> ReadAsync() => EvidenceReader.ReadAsync(_folder.Path, s_rollout, new GateStatus { Name = "g", Step = 1, Verdict = "Running" }, Token);

    private void Add(string uid, long unit, double candidate, int part = 0, int step = 1) =>
        Evidence.Add(File, uid, step, unit, part, new Prompt($"p{unit}", [new Message("user", "Q")]), Result(1), Result(candidate));

    private static PromptResult Result(double score) => new("p", score, "", new Answer { Text = "t" }, [], DateTimeOffset.UnixEpoch);
}
