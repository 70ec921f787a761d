using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>What an inventory has to know of a Pod.</summary>
public sealed record PodFacts
{
    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>spec.nodeName</c>; empty while it is not scheduled.</summary>
    public string Node { get; init; } = "";

    /// <summary>Whether it still holds what it asked for: it has not succeeded or failed.</summary>
    public bool Holds { get; init; } = true;

    /// <summary><c>metadata.creationTimestamp</c>; null when it is not said.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What the scheduler counts for it.</summary>
    public ResourceAmounts Requests { get; init; } = ResourceAmounts.None;

    /// <summary><c>metadata.labels</c>, by which costs are told apart.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;
}
