using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Whom a shadow step may ask beside the candidate.</summary>
/// <param name="Find">Finds a deployment of the rollout's namespace.</param>
/// <param name="Judge">Asks a deployment that judges.</param>
/// <param name="Embeddings">Asks a deployment for vectors.</param>
/// <param name="Judged">The models that are judged.</param>
internal sealed record ShadowServices(Func<string, ModelDeployment?> Find, Func<ModelDeployment, IChat> Judge, Func<ModelDeployment, IEmbeddings> Embeddings, IReadOnlyList<string> Judged);

/// <summary>Reads the graders of a shadow step, and binds them to the deployments that judge and embed.</summary>
internal static class ShadowGraders
{
    /// <summary>Reads them.</summary>
    /// <param name="step">What the step says.</param>
    /// <param name="services">Whom it may ask.</param>
    /// <returns>The graders; or why they cannot be used, with what to do.</returns>
    public static (ImmutableArray<GraderUse> Graders, string? Problem) Read(ShadowStep step, ShadowServices services)
    {
        if (step.Graders is not { Count: > 0 } list) return ([new GraderUse("answered", "answered", new AnsweredGrader())], null);
        var (graders, problems) = SuiteReader.ReadGraders(JsonSerializer.SerializeToNode(list, SlipwayJson.Default.IReadOnlyListEvaluationGrader)!.AsArray());
        if (!problems.IsEmpty) return ([], $"The shadow step's graders cannot be used: {string.Join("; ", problems.Take(3))}");
        // By the rules of suites: each recorded request is a prompt with these graders.
        var suite = new Suite("the shadow step", [new Prompt("recorded", []) { Graders = graders }], new RequestSettings(), "");
        var bound = new GradingServices();
        if (EmbeddingRules.Check(suite, step.Embeddings is not null) is { Wants: true } embeds)
        {
            if (embeds.Problem is not null) return ([], "The shadow step's answers are graded by embeddings: name a deployment of an embedding model in its embeddings.deploymentRef, or take rougeL or chrF for likeness");
            if (services.Find(step.Embeddings!.DeploymentRef.Name) is not { } embedder) return ([], $"The shadow step names {step.Embeddings.DeploymentRef.Name} for embeddings, which is no ModelDeployment here");
            bound = bound with { Embeddings = services.Embeddings(embedder) };
        }

        var (stands, _) = JudgeRules.Check(suite, step.Judge is not null, step.Judge?.Alone == true);
        if (stands is JudgeProblem.Missing) return ([], "The shadow step's answers are graded by a judge: name a deployment that is to judge in its judge.deploymentRef");
        if (stands is JudgeProblem.Alone) return ([], "The shadow step's answers are graded by a judge alone, and a judge can be talked into anything: add a grader that is none, or set its judge.alone");
        if (JudgeRules.Wants(suite))
        {
            if (services.Find(step.Judge!.DeploymentRef.Name) is not { } deployment) return ([], $"The shadow step names {step.Judge.DeploymentRef.Name} for a judge, which is no ModelDeployment here");
            if (Judge.Create(services.Judge(deployment), deployment.Spec.Model.Id ?? deployment.Metadata.Name!, services.Judged, step.Judge.Kin == true, out var kin) is not { } judge) return ([], $"{kin} (judge.kin of the shadow step)");
            bound = bound with { Judge = judge };
        }

        return (bound.Bind(suite).Prompts[0].Graders, null);
    }
}
