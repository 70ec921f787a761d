using System.Collections.Immutable;
using Slipway.Capacity.Inventory.Slices.Allocation;

namespace Slipway.Simulation.Scheduling;

/// <summary>A pod on a node, so that it can be taken away again.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Node">The node.</param>
/// <param name="Allocated">Claims that were given devices for it.</param>
/// <param name="Used">Claims that it is the first to use in its name.</param>
internal sealed record Placement(PodState Pod, NodeState Node, ImmutableArray<ClaimState> Allocated, ImmutableArray<(ClaimState Claim, Consumer Consumer)> Used)
{
    /// <summary>What its extended resources were given.</summary>
    public ExtendedGrant? Extended { get; init; }
}

/// <summary>What the extended resources of a pod were given.</summary>
/// <param name="Spec">The spec of the claim that stands for them.</param>
/// <param name="Mappings">Which request is for which container.</param>
/// <param name="Grants">The devices.</param>
internal sealed record ExtendedGrant(System.Text.Json.JsonElement Spec, ImmutableArray<(string Container, string Resource, string Request)> Mappings, ImmutableArray<DeviceGrant> Grants);

/// <summary>Why a pod got no node.</summary>
/// <param name="Reason"><c>Unschedulable</c> or <c>SchedulerError</c>.</param>
/// <param name="Message">In words.</param>
internal sealed record NoPlace(string Reason, string Message)
{
    public static NoPlace Unschedulable(string message) => new("Unschedulable", message);
}
