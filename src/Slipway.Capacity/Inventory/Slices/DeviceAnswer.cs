using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>What is to be said of a device for a request, whoever has it.</summary>
/// <param name="Selector">Why a selector is against it; null when none is, and nothing else is known when one is.</param>
/// <param name="Shares">What is taken of its capacity; null when that is not to be had.</param>
/// <param name="Taint">A taint that the request does not bear; null when there is none.</param>
internal sealed record DeviceAnswer(Objection? Selector, ImmutableArray<(string Name, long Amount)>? Shares, string? Taint)
{
    /// <summary>It will do, and is had whole.</summary>
    public static DeviceAnswer Whole { get; } = new(null, [], null);

    /// <summary>Whether it will do.</summary>
    public bool Does => Selector is null && Shares is not null && Taint is null;
}
