using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>A device that a claim is given.</summary>
/// <param name="Claim">Which of the claims that were asked for together.</param>
/// <param name="Alternative">What it is given for.</param>
/// <param name="Device">The device.</param>
/// <param name="Shares">What is taken of a device that others may use too; empty of one that is had whole.</param>
internal sealed record DeviceGrant(int Claim, ClaimAlternative Alternative, SliceDevice Device, ImmutableArray<(string Name, long Amount)> Shares);

/// <summary>What came of looking for devices on one node.</summary>
/// <param name="Grants">The devices; null when there are not enough.</param>
/// <param name="Failure">What ends the scheduling of a pod on all nodes, such as an expression that failed on a device; null otherwise.</param>
internal sealed record AllocationAnswer(ImmutableArray<DeviceGrant>? Grants, string? Failure)
{
    public static AllocationAnswer None { get; } = new(null, null);

    /// <summary>The search was given up: whether there are devices is not known.</summary>
    public static AllocationAnswer TooManyWays { get; } = new(null, null) { GaveUp = true };

    /// <summary>There are not enough, and pools whose slices contradict each other.</summary>
    public static AllocationAnswer Invalid { get; } = new(null, null) { Refusal = "invalid resource pools were encountered" };

    /// <summary>Whether it was an expression that failed: whether there are devices is not known.</summary>
    public bool IsUntold { get; init; }

    /// <summary>What the scheduler says of the node.</summary>
    public string Refusal { get; private init; } = "cannot allocate all claims";

    public bool GaveUp { get; private init; }
}
