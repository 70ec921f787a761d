using Slipway.Models.Hardware;

namespace Slipway.Models.Tests.Memory;

/// <summary>Devices of the measured rows, with the memory that their drivers report.</summary>
internal static class Cards
{
    public const double Gib = 1L << 30;

    public static Accelerator H100 { get; } = Card("h100_sxm", 79.18);

    public static Accelerator H200 { get; } = Card("h200", 139.8);

    public static Accelerator L4 { get; } = Card("l4", 22.0);

    /// <summary>A card by its nominal size; drivers report a little less than that in GiB.</summary>
    public static Accelerator Card(string key, double gib) => new() { Key = key, Name = key, Vendor = "nvidia", MemoryBytes = (long)(gib * Gib) };
}
