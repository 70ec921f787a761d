using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Rollouts;

/// <summary>The models of both sides, by which a judge's kinship is told.</summary>
internal static class JudgedModels
{
    /// <summary>Finds them.</summary>
    public static string[] Of(RolloutCaches caches, ModelRollout rollout)
    {
        if (caches.Deployments.Get(new NamespacedName(rollout.Metadata.Namespace ?? "default", rollout.Spec.DeploymentRef.Name)) is not { } stable) return [];
        return [.. new[] { stable.Spec.Model.Id, CandidateMaker.Make(rollout, stable).Candidate?.Spec.Model.Id }.OfType<string>().Distinct()];
    }
}
