using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Rollouts;

namespace Slipway.Web.Rest;

/// <summary>A rollout as the REST API says it.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Deployment">The deployment that is changed.</param>
/// <param name="Candidate">What is different, as a merge patch of the deployment's spec.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Step">The step that it is at, from 1.</param>
/// <param name="Steps">How many there are.</param>
/// <param name="CandidateWeight">How many of a hundred requests the candidate answers.</param>
/// <param name="Message">What is going on, in words.</param>
/// <param name="Started">When it began.</param>
/// <param name="Decided">When it was decided.</param>
/// <param name="ResourceVersion">Changes with the object.</param>
/// <param name="Gates">What each gate has found.</param>
/// <param name="History">What was decided, in order.</param>
/// <param name="Status">All that it found, took up and spent so far, as `status` of the object in the Kubernetes API has it: `shadow`, `parity`, `traffic`, `capacity`, `budgetUsed` and the rest. Null before it was looked at.</param>
public sealed record RolloutFact(
    string Namespace, string Name, string Deployment, JsonElement Candidate, string Phase, int Step, int Steps, int CandidateWeight, string? Message, DateTimeOffset? Started, DateTimeOffset? Decided, string? ResourceVersion,
    IReadOnlyList<GateFact> Gates, IReadOnlyList<DecisionFact> History, JsonElement? Status)
{
    internal static RolloutFact Of(ModelRollout rollout) => new(
        rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name ?? "", rollout.Spec.DeploymentRef.Name, rollout.Spec.Candidate, (rollout.Status?.Phase ?? RolloutPhase.Pending).ToString(),
        Math.Min((rollout.Status?.Step ?? 0) + 1, rollout.Spec.Steps.Count), rollout.Spec.Steps.Count, rollout.Status?.CandidateWeight ?? 0, rollout.Status?.Message, rollout.Status?.StartTime, rollout.Status?.DecisionTime,
        rollout.Metadata.ResourceVersion,
        [.. (rollout.Status?.Gates ?? []).Select(static g => new GateFact(g.Name, g.Step + 1, g.Verdict, g.Asked, g.Total, g.Better, g.Same, g.Worse, g.Reason))],
        [.. (rollout.Status?.History ?? []).Select(static d => new DecisionFact(d.Time, d.What, d.Why))],
        rollout.Status is { } status ? JsonSerializer.SerializeToElement(status, SlipwayJson.Default.ModelRolloutStatus) : null);
}

/// <summary>What a gate has found.</summary>
/// <param name="Name">The gate.</param>
/// <param name="Step">The step, from 1.</param>
/// <param name="Verdict"><c>Running</c>, <c>Pass</c>, <c>Fail</c>, <c>Undecided</c> or <c>Stopped</c>.</param>
/// <param name="Asked">Pairs of answers.</param>
/// <param name="Total">Pairs that there may be.</param>
/// <param name="Better">Pairs in which the candidate was better.</param>
/// <param name="Same">Pairs in which both were as good.</param>
/// <param name="Worse">Pairs in which it was worse.</param>
/// <param name="Reason">Why the verdict; null while there is none.</param>
public sealed record GateFact(string Name, int Step, string Verdict, long Asked, long Total, long Better, long Same, long Worse, string? Reason);

/// <summary>Something that was decided.</summary>
/// <param name="Time">When.</param>
/// <param name="What">What, in a word.</param>
/// <param name="Why">Why.</param>
public sealed record DecisionFact(DateTimeOffset Time, string What, string? Why);

/// <summary>Rollouts.</summary>
/// <param name="Rollouts">The newest first.</param>
public sealed record RolloutsAnswer(IReadOnlyList<RolloutFact> Rollouts);
