namespace Slipway.Api.Rollouts;

/// <summary>The share of a deployment's traffic that a rollout gives to its candidate now.</summary>
/// <param name="Candidate">The candidate's ModelDeployment, in the rollout's namespace.</param>
/// <param name="Weight">How many of a hundred requests it answers, from 1.</param>
public sealed record TrafficShare(string Candidate, int Weight)
{
    /// <summary>What a rollout says; null for nothing.</summary>
    /// <param name="rollout">The rollout.</param>
    public static TrafficShare? Of(ModelRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Status is { CandidateName: { } candidate, CandidateWeight: > 0 and var weight, Phase: RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.Promoting } ? new TrafficShare(candidate, weight) : null;
    }
}
