namespace Slipway.Api.Rollouts;

/// <summary>The share of a deployment's requests that a rollout has copied to its candidate now. Whoever asked gets nothing of it.</summary>
/// <param name="Candidate">The candidate's ModelDeployment, in the rollout's namespace.</param>
/// <param name="Percent">How many of a hundred requests are copied, from 1.</param>
/// <param name="Concurrency">How many copies the candidate is asked at a time.</param>
/// <param name="Patience">How long an answer to a copy may take.</param>
public sealed record TrafficCopy(string Candidate, int Percent, int Concurrency, TimeSpan Patience)
{
    /// <summary>What a rollout says; null for nothing.</summary>
    /// <param name="rollout">The rollout.</param>
    public static TrafficCopy? Of(ModelRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return rollout.Status is { CandidateName: { } candidate, Phase: RolloutPhase.Progressing, Step: { } step } status
            && rollout.Spec.Steps.ElementAtOrDefault(step)?.Shadow is { Source: ShadowSource.Live, Percent: { } percent } shadow
            && status.Shadow?.Any(s => s.Step == step && s.Verdict == "Running") == true
                ? new TrafficCopy(candidate, percent, shadow.Concurrency ?? 4, TimeSpan.FromSeconds(shadow.TimeoutSeconds ?? 120)) : null;
    }
}
