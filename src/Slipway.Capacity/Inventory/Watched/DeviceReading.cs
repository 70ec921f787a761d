namespace Slipway.Capacity.Inventory.Watched;

/// <summary>What a device says of itself to who may open it.</summary>
/// <param name="Id">Its own name, such as NVML's <c>GPU-…</c>: the attribute <c>uuid</c> of its driver.</param>
public sealed record DeviceReading(string Id)
{
    /// <summary>What it is; null when it does not say.</summary>
    public string? Name { get; init; }

    /// <summary>The share of the time in which it computed, 0 to 1, over the last minutes; null when that cannot be read.</summary>
    public double? Busy { get; init; }

    /// <summary>Memory that is in use, bytes; null when that cannot be read.</summary>
    public long? UsedMemoryBytes { get; init; }

    /// <summary>Its memory, bytes; null when that cannot be read.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Why it must not be used, in words; null as far as it says that it is well.</summary>
    public string? Broken { get; init; }
}
