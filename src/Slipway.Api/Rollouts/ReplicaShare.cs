namespace Slipway.Api.Rollouts;

/// <summary>The replicas that a deployment has while it gives some up to a rollout's candidate. Its manifest stays as it is, so that there is nothing to be put back.</summary>
/// <param name="Rollout">The rollout's name.</param>
/// <param name="Replicas">How many it has.</param>
/// <param name="Declared">How many it had.</param>
public sealed record ReplicaShare(string Rollout, int Replicas, int Declared)
{
    /// <summary>What a rollout says; null where the deployment has all that it declares.</summary>
    /// <param name="rollout">The rollout.</param>
    public static ReplicaShare? Of(ModelRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Status is { Capacity: { } capacity, Phase: RolloutPhase.Provisioning or RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.Promoting or RolloutPhase.RollingBack } && capacity.StableReplicas < capacity.Replicas
            ? new ReplicaShare(rollout.Metadata.Name ?? "", capacity.StableReplicas, capacity.Replicas) : null;
    }
}
