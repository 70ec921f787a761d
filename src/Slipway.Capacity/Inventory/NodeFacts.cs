using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>What an inventory has to know of a Node.</summary>
public sealed record NodeFacts
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>metadata.labels</c>.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary><c>status.capacity</c>.</summary>
    public ResourceAmounts Capacity { get; init; } = ResourceAmounts.None;

    /// <summary><c>status.allocatable</c>: what is left for pods when the system has had its part, and broken devices are gone.</summary>
    public ResourceAmounts Allocatable { get; init; } = ResourceAmounts.None;

    /// <summary><c>spec.taints</c> with effect NoSchedule or NoExecute.</summary>
    public ImmutableArray<Taint> Taints { get; init; } = [];

    /// <summary><c>spec.unschedulable</c>: it is cordoned.</summary>
    public bool Cordoned { get; init; }

    /// <summary>Why it is not ready, by its condition <c>Ready</c>; null when it is.</summary>
    public string? NotReady { get; init; }

    /// <summary><c>spec.providerID</c>; empty when there is none.</summary>
    public string ProviderId { get; init; } = "";
}

/// <summary>A taint that keeps pods away.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; often empty.</param>
/// <param name="Effect"><c>NoSchedule</c> or <c>NoExecute</c>.</param>
public sealed record Taint(string Key, string Value, string Effect)
{
    /// <summary>As kubectl writes it.</summary>
    public override string ToString() => Value.Length == 0 ? $"{Key}:{Effect}" : $"{Key}={Value}:{Effect}";
}
