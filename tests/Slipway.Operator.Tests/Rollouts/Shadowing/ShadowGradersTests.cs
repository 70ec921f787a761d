using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Tests.Rollouts.Shadowing;

/// <summary>Shadow steps whose answers other models grade.</summary>
public sealed partial class ShadowGradersTests
{
    private static readonly EvaluationGrader s_judge = new() { Type = "judge", With = JsonDocument.Parse("""{"rubric":"Does it help?","choices":{"yes":1,"no":0},"reference":true}""").RootElement };
    private static readonly EvaluationGrader s_embedding = new() { Type = "embedding", With = JsonDocument.Parse("""{"threshold":0.8}""").RootElement };

    private static readonly ShadowStep s_judged = new()
    {
        Source = ShadowSource.Recorded,
        Graders = [s_judge, new EvaluationGrader { Type = "finish", Weight = 0.001 }],
        Margin = 0.1,
        Judge = new JudgeSpec { DeploymentRef = new LocalReference { Name = "oracle" } },
    };

    private static readonly ShadowStep s_embedded = new() { Source = ShadowSource.Recorded, Graders = [s_embedding], Margin = 0.1, Embeddings = new EmbeddingsSpec { DeploymentRef = new LocalReference { Name = "embedder" } } };

    [Fact]
    public async Task A_judge_sees_what_was_asked_what_the_user_got_and_what_the_candidate_says_and_a_worse_candidate_fails_by_it()
    {
        var judge = new JudgeChat(static text => !text.Contains("useless", StringComparison.Ordinal));
        var good = await RunAsync(s_judged, "as good", judge);
        Assert.Equal(("Pass", "Pass"), (good.Status.Verdict, good.Grades!.Verdict));
        Assert.Contains(judge.Seen, static t => t.Contains("question ", StringComparison.Ordinal) && t.Contains("as good", StringComparison.Ordinal) && t.Contains('!', StringComparison.Ordinal));
        var bad = await RunAsync(s_judged, "useless", judge);
        Assert.Equal(("Fail", "Fail"), (bad.Status.Verdict, bad.Grades!.Verdict));
        Assert.StartsWith("answers are ", bad.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_judge_that_cannot_be_reached_leaves_answers_not_graded_which_is_no_fault_of_the_candidates_and_no_pass()
    {
        var state = await RunAsync(s_judged with { Sample = 120, AllowUnderpowered = true }, "as good", new JudgeChat(null));
        Assert.Equal(("Undecided", 0, 120), (state.Status.Verdict, state.Status.Failures, state.Status.Requests));
        Assert.Equal((0, 120), (state.Grades!.Better + state.Grades.Same + state.Grades.Worse, state.Grades.Missing));
        Assert.Equal("Undecided", state.Grades.Verdict);
    }

    [Fact]
    public async Task Likeness_goes_by_the_vectors_of_what_the_user_got()
    {
        var embeddings = new Vectors(static text => text == "!" ? [1, 0] : text == "near" ? [1, 0.1f] : [0, 1]);
        Assert.Equal("Pass", (await RunAsync(s_embedded, "near", embeddings: embeddings)).Status.Verdict);
        Assert.Equal("Fail", (await RunAsync(s_embedded, "far", embeddings: embeddings)).Status.Verdict);
        var none = await RunAsync(s_embedded with { Sample = 120, AllowUnderpowered = true }, "near", embeddings: new Vectors(null));
        Assert.Equal(("Undecided", 0, 120), (none.Status.Verdict, none.Status.Failures, none.Grades!.Missing));
    }

    [Fact]
    public void A_judge_of_the_candidates_own_family_is_refused_unless_it_is_allowed()
    {
        var kin = new ShadowServices(static name => Named(name, "Qwen/Qwen3-32B"), static _ => new JudgeChat(null), static _ => new Vectors(null), ["Qwen/Qwen3-8B"]);
        Assert.Contains("models prefer what their own kind wrote", ShadowGraders.Read(s_judged, kin).Problem, StringComparison.Ordinal);
        Assert.Null(ShadowGraders.Read(s_judged with { Judge = s_judged.Judge! with { Kin = true } }, kin).Problem);
    }

    private static async Task<ShadowRunState> RunAsync(ShadowStep step, string answer, JudgeChat? judge = null, Vectors? embeddings = null)
    {
        var services = new ShadowServices(static name => Named(name, "mistralai/Mistral-7B"), _ => judge!, _ => embeddings!, ["org/better"]);
        var rollout = Tape.Rollout(step);
        var (setup, problem) = ShadowSetup.Of(step, rollout, Tape.Of(300), null, services);
        Assert.Null(problem);
        var done = new TaskCompletionSource();
        await using var run = new ShadowRun(rollout.Spec, setup!, new ReplayAsk(setup, setup!.Begin(0), setup.Grades(0)), new Candidate(answer), static (_, _, _, _, _) => { }, done.SetResult, new FakeTimeProvider());
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null(run.State.Broken);
        return run.State;
    }

    private static ModelDeployment Named(string name, string model) => new() { Metadata = new ObjectMeta { Name = name, Namespace = "default" }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = model } } };

    private sealed class Candidate(string text) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer { Text = text, FinishReason = "stop" });
    }

    // Says yes or no with the mark that it was told; null cannot be reached.
    private sealed class JudgeChat(Func<string, bool>? says) : IChat
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _seen = new();

        public IEnumerable<string> Seen => _seen;

        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
        {
            var text = string.Join('\n', question.Messages.Select(static m => m.Content));
            _seen.Enqueue(text);
            if (says is null) return Task.FromResult(new Answer { Failure = new Failure(FailureKind.Infrastructure, "503") });
            return Task.FromResult(new Answer { Text = $$"""{"mark":"{{Mark().Match(text).Groups[1].Value}}","reason":"so it is","verdict":"{{(says(text) ? "yes" : "no")}}"}""", FinishReason = "stop" });
        }
    }

    [GeneratedRegex("\\{\"mark\": \"([^\"]+)\"")]
    private static partial Regex Mark();

    private sealed class Vectors(Func<string, float[]>? of) : IEmbeddings
    {
        public Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken) =>
            Task.FromResult<ImmutableArray<ImmutableArray<float>>?>(of is null ? null : [.. texts.Select(t => of(t).ToImmutableArray())]);
    }
}
