using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Tests.Rollouts.Shadowing;

public sealed class ShadowRunTests
{
    private static readonly ShadowStep s_graded = new() { Source = ShadowSource.Recorded, Graders = [new EvaluationGrader { Type = "exact" }], Margin = 0.1 };

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<(long Unit, Prompt Prompt, PromptResult Was, PromptResult Made)> _kept = new();
    private readonly Tape _tape = Tape.Of(300);

    [Fact]
    public async Task A_candidate_that_answers_as_well_passes_and_no_more_is_asked_than_it_takes()
    {
        var state = await RunAsync(s_graded, static _ => Says("!"));
        Assert.Equal(("Pass", "Pass", 0), (state.Status.Verdict, state.Grades!.Verdict, state.Status.Failures));
        Assert.InRange(state.Status.Asked, 60, 200);
        Assert.Contains("failed: 0 of ", state.Status.Reason, StringComparison.Ordinal);
        Assert.Contains("grades: ", state.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(state.Grades.Asked, _kept.Count);
        Assert.All(_kept, static k => Assert.Equal((1.0, 1.0), (k.Was.Score, k.Made.Score)));
    }

    [Fact]
    public async Task What_was_asked_is_asked_as_it_was()
    {
        Question? asked = null;
        await RunAsync(s_graded, question =>
        {
            asked = question;
            return Says("!");
        });
        Assert.Equal(0.3, (double?)JsonNode.Parse(asked!.Body!)!["temperature"]);
        Assert.StartsWith("question ", (string?)JsonNode.Parse(asked.Body!)!["messages"]![0]!["content"], StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Attacks => new()
    {
        { "worse", "answers are " },
        { "empty", "failed: " },
        { "cut", "failed: " },
        { "refused", "failed: " },
        { "slow", "whole answer later than 2 s: " },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_answers_worse_or_nothing_or_half_or_late_fails(string how, string why)
    {
        var step = how == "worse" ? s_graded : s_graded with { Graders = null, Margin = null };
        var state = await RunAsync(
            step,
            _ => how switch
            {
                "worse" => Says("?"),
                "empty" => Says(" "),
                "cut" => Says("half") with { FinishReason = null, Failure = new Failure(FailureKind.Model, "the stream ended before the answer did") },
                "refused" => new Answer { Failure = new Failure(FailureKind.Request, "400: too long") },
                _ => Says("!") with { Elapsed = TimeSpan.FromSeconds(3) },
            },
            new LatencyLimit { Measure = LatencyMeasure.WholeAnswer, Seconds = 2 });
        Assert.Equal("Fail", state.Status.Verdict);
        Assert.StartsWith(why, state.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_reaches_the_candidate_is_no_failure_and_no_pass()
    {
        var state = await RunAsync(s_graded with { Sample = 30, AllowUnderpowered = true }, static _ => new Answer { Failure = new Failure(FailureKind.Infrastructure, "503") });
        Assert.Equal(("Undecided", 0, 0, 30), (state.Status.Verdict, state.Status.Failures, state.Status.Requests, state.Status.Missing));
        Assert.Contains("30 of 30 requests never reached the candidate", state.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_it_goes_on_where_it_is_written_down_and_asks_nothing_twice()
    {
        // One in ten is wrong, so that it takes a while.
        Answer Answer(Question q) => Says(q.Messages[^1].Content.EndsWith('7') ? "?" : "!");
        var step = s_graded with { Margin = 0.2 };
        var setup = Setup(step, null);
        var some = await RunAsync(step, Answer, setup: setup with { Units = setup.Units[..30] });
        var first = _asked.ToArray();
        _asked.Clear();
        _tape.Lines.RemoveRange(280, 20);
        var from = some.Status with { Verdict = "Running", Reason = null, Total = 300 };
        var rest = await RunAsync(step, Answer, from: from, grades: some.Grades! with { Verdict = "Running", Total = 300 });
        Assert.Empty(first.Intersect(_asked));
        Assert.Equal("Pass", rest.Status.Verdict);
        Assert.Equal(rest.Grades!.Asked, rest.Grades.Better + rest.Grades.Same + rest.Grades.Worse);
    }

    [Fact]
    public async Task Evidence_has_grades_and_no_texts_and_can_be_read_as_that_of_gates()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-shadow-");
        try
        {
            var state = await RunAsync(s_graded, static q => Says("secret answer") with { Text = q.Messages[^1].Content.EndsWith('7') ? "?" : "!" }, keep: (unit, part, prompt, was, made) =>
                Evidence.Add(Evidence.File(folder.FullName, "default", "r", ShadowStatus.GateName), "uid", 0, unit, part, prompt, was, made));
            var text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "default.r.shadow.jsonl"), TestContext.Current.CancellationToken);
            Assert.DoesNotContain("question ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("expected", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"!\"", text, StringComparison.Ordinal);
            var pairs = await EvidenceReader.ReadAsync(folder.FullName, Tape.Rollout(s_graded), state.Grades!, TestContext.Current.CancellationToken);
            Assert.Equal(state.Grades!.Asked, pairs.Length);
            Assert.Equal(state.Grades.PassEvidence, EvidenceReader.Course(state.Grades, pairs)[^1].Pass);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Answer Says(string text) => new() { Text = text, FinishReason = "stop" };

    private ShadowSetup Setup(ShadowStep step, ShadowStatus? behind, ShadowServices? services = null) => ShadowSetup.Of(step, Tape.Rollout(step), _tape, behind, services ?? Tape.Nobody).Setup!;

    private async Task<ShadowRunState> RunAsync(
        ShadowStep step, Func<Question, Answer> candidate, LatencyLimit? limit = null, ShadowSetup? setup = null, ShadowStatus? from = null, GateStatus? grades = null,
        Action<long, int, Prompt, PromptResult, PromptResult>? keep = null)
    {
        setup ??= Setup(step, from);
        var begun = from ?? setup.Begin(0) with { Latency = limit is null ? null : [new LatencyEvidence { Measure = limit.Measure, LimitSeconds = limit.Seconds!.Value }] };
        var (done, time) = (new TaskCompletionSource(), new FakeTimeProvider());
        await using var run = new ShadowRun(
            Tape.Rollout(step, limit is null ? null : [limit]).Spec, setup, new ReplayAsk(setup, begun, grades ?? setup.Grades(0)), new Model(this, candidate),
            keep ?? ((unit, _, prompt, was, made) => _kept.Enqueue((unit, prompt, was, made))), done.SetResult, time);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!done.Task.IsCompleted)
        {
            // What waits to ask again does not wait long.
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }

        Assert.Null(run.State.Broken);
        return run.State;
    }

    private sealed class Model(ShadowRunTests test, Func<Question, Answer> answer) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
        {
            test._asked.Enqueue(question.Messages[^1].Content);
            return Task.FromResult(answer(question));
        }
    }
}
