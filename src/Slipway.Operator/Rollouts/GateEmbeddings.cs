using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Embeddings;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Rollouts;

/// <summary>Binds a suite to the deployment that embeds its answers, where it wants one.</summary>
internal static class GateEmbeddings
{
    /// <summary>Binds it.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="wish">Who is to embed; null for nobody.</param>
    /// <param name="who">Who asks, as the beginning of a sentence.</param>
    /// <param name="deployment">The deployment that <paramref name="wish"/> names; null when there is none.</param>
    /// <param name="embeddings">Asks it.</param>
    /// <returns>The suite; or why it may not be graded.</returns>
    public static (Suite? Suite, string? Problem) Bind(Suite suite, EmbeddingsSpec? wish, string who, ModelDeployment? deployment, Func<ModelDeployment, IEmbeddings> embeddings)
    {
        var (wants, problem) = EmbeddingRules.Check(suite, wish is not null);
        if (problem is not null) return (null, $"{problem}: name a deployment of an embedding model in spec.embeddings of {who}");
        if (!wants) return (suite, null);
        return deployment is null
            ? (null, $"{who} names {wish!.DeploymentRef.Name} for embeddings, which is no ModelDeployment here")
            : (new GradingServices { Embeddings = embeddings(deployment) }.Bind(suite), null);
    }
}
