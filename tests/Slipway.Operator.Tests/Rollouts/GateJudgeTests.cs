using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Running;
using Slipway.Operator.Rollouts;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Tests.Rollouts;

/// <summary>Deployments that judge the answers of others.</summary>
public sealed class GateJudgeTests
{
    private static readonly JudgeSpec s_wish = new() { DeploymentRef = new LocalReference { Name = "judge" } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suite_that_wants_a_judge_is_graded_by_the_deployment_that_is_named()
    {
        var (suite, problem) = Bind(Polite(alone: false), s_wish, Deployment("judge", "mistralai/Mistral-7B"));
        Assert.Null(problem);
        var result = await new PromptRunner(TimeProvider.System).RunAsync(new Saying(static _ => "hello"), suite!.Prompts[0], suite.Settings, Token);
        Assert.Equal(["contains", "judge"], result.Grades.Select(static g => g.Name));
        Assert.Equal([1, 1d], result.Grades.Select(static g => g.Score!.Value));
    }

    [Fact]
    public void Without_a_judge_or_with_one_that_may_not_it_is_not_graded_and_says_why()
    {
        Assert.Equal("1 prompts of s are graded by a judge: name a deployment that is to judge in spec.judge of QualityGate g", Bind(Polite(), null, null).Problem);
        Assert.Contains("judge alone, and a judge can be talked into anything. Add a grader that is none, or set spec.judge.alone of QualityGate g", Bind(Polite(alone: true), s_wish, Deployment("judge", "mistralai/Mistral-7B")).Problem, StringComparison.Ordinal);
        Assert.Null(Bind(Polite(alone: true), s_wish with { Alone = true }, Deployment("judge", "mistralai/Mistral-7B")).Problem);
        Assert.Equal("QualityGate g names judge for a judge, which is no ModelDeployment here", Bind(Polite(), s_wish, null).Problem);
        Assert.Contains("both are of the family", Bind(Polite(), s_wish, Deployment("judge", "Qwen/Qwen3-32B")).Problem, StringComparison.Ordinal);
        Assert.Null(Bind(Polite(), s_wish with { Kin = true }, Deployment("judge", "Qwen/Qwen3-32B")).Problem);
    }

    [Fact]
    public void A_suite_that_wants_none_needs_none()
    {
        var plain = Polite("""[{"type":"contains"}]""");
        Assert.Same(plain, Bind(plain, null, null).Suite);
        Assert.Same(plain, Bind(plain, s_wish, null).Suite);
    }

    [Fact]
    public async Task A_suite_that_grades_by_embeddings_asks_the_deployment_that_is_named()
    {
        var suite = Polite("""[{"type":"embedding","with":{"threshold":0.9}}]""");
        var wish = new EmbeddingsSpec { DeploymentRef = new LocalReference { Name = "vectors" } };
        Assert.Equal("1 prompts of s are graded by embeddings: name a deployment of an embedding model in spec.embeddings of QualityGate g", Embedded(suite, null, null).Problem);
        Assert.Equal("QualityGate g names vectors for embeddings, which is no ModelDeployment here", Embedded(suite, wish, null).Problem);
        var plain = Polite("""[{"type":"contains"}]""");
        Assert.Same(plain, Embedded(plain, wish, null).Suite);
        var bound = Embedded(suite, wish, Deployment("vectors", "BAAI/bge-small")).Suite!;
        var result = await new PromptRunner(TimeProvider.System).RunAsync(new Saying(static _ => "hi"), bound.Prompts[0], bound.Settings, Token);
        Assert.Equal(1, Assert.Single(result.Grades).Score);
    }

    private static (Suite? Suite, string? Problem) Embedded(Suite suite, EmbeddingsSpec? wish, ModelDeployment? deployment) =>
        GateEmbeddings.Bind(suite, wish, "QualityGate g", deployment, static d => new Alike(d.Metadata.Name!));

    private static (Suite? Suite, string? Problem) Bind(Suite suite, JudgeSpec? wish, ModelDeployment? judge) =>
        GateJudge.Bind(suite, wish, "QualityGate g", judge, ["Qwen/Qwen3-8B"], static _ => new Saying(Verdict));

    // The mark by which the judge's reply is known stands in the question.
    private static string Verdict(Question question)
    {
        var text = question.Messages[^1].Content;
        var mark = text[(text.IndexOf("\"mark\": \"", StringComparison.Ordinal) + 9)..];
        return $$"""{"mark":"{{mark[..mark.IndexOf('"', StringComparison.Ordinal)]}}","reason":"so it is","verdict":"yes"}""";
    }

    private static Suite Polite(bool alone = false) => Polite($"[{(alone ? "" : """{"type":"contains"},""")}" + """{"type":"judge","with":{"rubric":"Is it polite?","choices":{"yes":1,"no":0}}}]""");

    private static Suite Polite(string graders) => GateSetup.Usable(
        "s",
        new EvaluationSuite
        {
            Metadata = new ObjectMeta { Name = "s" },
            Spec = new EvaluationSuiteSpec
            {
                Graders = [.. JsonDocument.Parse(graders).RootElement.EnumerateArray().Select(static g => g.Deserialize(SlipwayJson.Default.EvaluationGrader)!)],
                Prompts = [new EvaluationPrompt { Id = "p", Prompt = "Say hello", Expected = ["hello"] }],
            },
        },
        "QualityGate g").Suite!;

    private static ModelDeployment Deployment(string name, string model) =>
        new() { Metadata = new ObjectMeta { Name = name, Namespace = "default" }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = model } } };

    private sealed class Saying(Func<Question, string> say) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer { Text = say(question), FinishReason = "stop" });
    }

    private sealed class Alike(string name) : IEmbeddings
    {
        public Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken) =>
            Task.FromResult<ImmutableArray<ImmutableArray<float>>?>(name == "vectors" ? [.. texts.Select(static _ => ImmutableArray.Create(1f, 0f))] : null);
    }
}
