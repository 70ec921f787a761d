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
/// <param name="Failure">An expression that failed on a device, which ends the scheduling of a pod on all nodes; null otherwise.</param>
internal sealed record AllocationAnswer(ImmutableArray<DeviceGrant>? Grants, string? Failure)
{
    public static AllocationAnswer None { get; } = new(null, null);
}
