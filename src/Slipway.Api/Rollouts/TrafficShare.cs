namespace Slipway.Api.Rollouts;

/// <summary>The share of a deployment's traffic that a rollout gives to its candidate now.</summary>
/// <param name="Candidate">The candidate's ModelDeployment, in the rollout's namespace.</param>
/// <param name="Weight">How many of a hundred requests it answers, from 1.</param>
public sealed record TrafficShare(string Candidate, int Weight)
{
    /// <summary>The control replica, which answers as many requests as the candidate; null where there is none.</summary>
    public string? Control { get; init; }

    /// <summary>How many of a hundred requests the control replica answers: never more than the candidate leaves.</summary>
    public int ControlWeight => Control is null ? 0 : Math.Min(Weight, 100 - Weight);

    /// <summary>What a rollout says; null for nothing.</summary>
    /// <param name="rollout">The rollout.</param>
    public static TrafficShare? Of(ModelRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Status is { CandidateName: { } candidate, CandidateWeight: > 0 and var weight, Phase: RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.Promoting }
            ? new TrafficShare(candidate, weight) { Control = rollout.Status.Phase is RolloutPhase.Promoting ? null : rollout.Status.Capacity?.ControlName } : null;
    }
}
