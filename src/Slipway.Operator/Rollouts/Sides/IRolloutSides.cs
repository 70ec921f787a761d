using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;

namespace Slipway.Operator.Rollouts.Sides;

/// <summary>The two sides of a rollout: how each of them is asked, and whether traffic can be divided between them.</summary>
public interface IRolloutSides : IDisposable
{
    /// <summary>What stands in the way of dividing traffic, or of judging by it.</summary>
    /// <param name="stable">The deployment that is to be changed.</param>
    /// <param name="spec">What the rollout wants.</param>
    /// <returns>In words, with what to do; null for nothing.</returns>
    string? Obstacle(ModelDeployment stable, ModelRolloutSpec spec);

    /// <summary>Whether the requests of one session stay with one side while traffic is divided.</summary>
    /// <param name="stable">The deployment that is to be changed.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>In words, as a clause; null where they do without more ado.</returns>
    Task<string?> SessionsAsync(ModelDeployment stable, ModelDeployment candidate, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>A way to ask one side, whatever share of the traffic it has.</summary>
    /// <param name="stable">The deployment that is to be changed.</param>
    /// <param name="side">That deployment or the candidate.</param>
    /// <param name="patience">How long an answer may take.</param>
    IChat Chat(ModelDeployment stable, ModelDeployment side, TimeSpan patience);

    /// <summary>A way to ask a deployment for vectors.</summary>
    /// <param name="deployment">The deployment, of an embedding model.</param>
    /// <param name="patience">How long an answer may take.</param>
    IEmbeddings Embeddings(ModelDeployment deployment, TimeSpan patience);
}
