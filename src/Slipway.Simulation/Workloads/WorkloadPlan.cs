using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>What a workload is to become.</summary>
internal sealed record WorkloadPlan
{
    /// <summary>Pods to make.</summary>
    public IReadOnlyList<JsonObject> Create { get; init; } = [];

    /// <summary>Pods to take away.</summary>
    public IReadOnlyList<CachedObject> Delete { get; init; } = [];

    /// <summary>Volume claims to make before the pods.</summary>
    public IReadOnlyList<JsonObject> Volumes { get; init; } = [];

    /// <summary>The workload's status.</summary>
    public JsonObject Status { get; init; } = [];

    /// <summary>When to look again though nothing changes.</summary>
    public TimeSpan? After { get; init; }
}

/// <summary>What controllers read of pods.</summary>
internal static class PodReading
{
    /// <summary>Whether it answers.</summary>
    public static bool IsReady(this CachedObject pod) => !pod.IsDeleting && Conditions.IsTrue(pod.Json, "Ready");

    /// <summary>Whether it has ended.</summary>
    public static bool IsOver(this CachedObject pod) => pod.Json.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>Its name.</summary>
    public static string Name(this CachedObject value) => value.Identity.Key.Name;

    /// <summary>A number of a spec.</summary>
    public static int Number(this CachedObject value, int otherwise, params ReadOnlySpan<string> path) =>
        value.Json.At(path) is { ValueKind: System.Text.Json.JsonValueKind.Number } number && number.TryGetInt32(out var given) ? given : otherwise;

    /// <summary>The version of the spec.</summary>
    public static long Generation(this CachedObject value) => value.Json.At("metadata", "generation") is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetInt64() : 0;
}
