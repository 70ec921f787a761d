using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>What is decided of a cluster at one moment.</summary>
public sealed record Schedule
{
    /// <summary>Nothing.</summary>
    public static Schedule Empty { get; } = new();

    /// <summary>What becomes of claims, before their pods get a node.</summary>
    public ImmutableArray<ClaimGrants> Claims { get; init; } = [];

    /// <summary>Pods that get a node.</summary>
    public ImmutableArray<Binding> Bindings { get; init; } = [];

    /// <summary>Pods that wait, and why.</summary>
    public ImmutableArray<Waiting> Waiting { get; init; } = [];

    /// <summary>How gangs are.</summary>
    public ImmutableArray<GroupVerdict> Groups { get; init; } = [];
}

/// <summary>A pod gets a node.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Uid">Its uid: another pod of that name is not meant.</param>
/// <param name="Node">The node.</param>
public sealed record Binding(NamespacedName Pod, string Uid, string Node);

/// <summary>A pod waits.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Reason"><c>Unschedulable</c>, or <c>SchedulerError</c> where an expression failed.</param>
/// <param name="Message">In words, as kube-scheduler puts it.</param>
public sealed record Waiting(NamespacedName Pod, string Reason, string Message);

/// <summary>What a claim gets.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Allocation">Its <c>status.allocation</c>; null where it has one already.</param>
/// <param name="Consumers">The entries that <c>status.reservedFor</c> gets.</param>
/// <param name="Made">The claim itself where there is none yet: that of a pod's extended resources, with the status that the pod gets for it.</param>
public sealed record ClaimGrants(NamespacedName Claim, JsonObject? Allocation, ImmutableArray<JsonObject> Consumers, MadeClaim? Made = null);

/// <summary>A claim that stands for the extended resources of a pod.</summary>
/// <param name="Object">The ResourceClaim.</param>
/// <param name="Pod">The pod.</param>
/// <param name="PodStatus">The pod's <c>status.extendedResourceClaimStatus</c>.</param>
public sealed record MadeClaim(JsonObject Object, NamespacedName Pod, JsonObject PodStatus);

/// <summary>Whether a gang has its nodes.</summary>
/// <param name="Group">The PodGroup.</param>
/// <param name="Scheduled">Whether it does.</param>
/// <param name="Message">Why not, in words.</param>
public sealed record GroupVerdict(NamespacedName Group, bool Scheduled, string Message);
