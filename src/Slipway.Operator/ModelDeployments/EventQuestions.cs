using System.Collections.Immutable;
using Slipway.Runtimes;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator.ModelDeployments;

/// <summary>What has to be asked of events about a deployment, and when to look again. Pure.</summary>
/// <param name="Reasons">The reasons of the events to read; none for a deployment whose pods have all that they wait for.</param>
/// <param name="LookAgain">When to look again although nothing changes: an event is written after what it is about.</param>
internal sealed record EventQuestions(ImmutableArray<string> Reasons, TimeSpan? LookAgain)
{
    // The controller of claims has them made within a second, or has tried.
    private static readonly TimeSpan s_forClaims = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    /// <summary>Decides it: only pods without their claims and gangs without all of their pods may have a cause that nothing else tells.</summary>
    /// <param name="observed">What the API has.</param>
    public static EventQuestions Of(Observation observed)
    {
        var reasons = ImmutableArray.CreateBuilder<string>();
        TimeSpan? again = null;
        void Ask(string reason, TimeSpan left)
        {
            if (left <= TimeSpan.Zero) reasons.Add(reason);
            var next = left <= TimeSpan.Zero ? s_again : left;
            if (again is null || next < again) again = next;
        }

        var unclaimed = observed.Pods.Where(static p => p.Spec?.NodeName is null && p.Metadata.DeletionTimestamp is null && p.ClaimsToMake.Any()).ToList();
        if (unclaimed.Count > 0) Ask(ClaimTrouble.EventReason, s_forClaims - (observed.Now - (unclaimed.Min(static p => p.Metadata.CreationTimestamp) ?? DateTimeOffset.MinValue)));
        var few = GangMembers.Of(observed).Where(static g => g.IsShort).ToList();
        if (few.Count > 0) Ask(GangTrouble.NotCreated, GangMembers.Patience - (observed.Now - (few.Min(static g => g.Since) ?? DateTimeOffset.MinValue)));
        return new(reasons.ToImmutable(), again);
    }
}
