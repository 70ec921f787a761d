using System.Collections.Immutable;
using Slipway.Models.Hardware;

namespace Slipway.Capacity.Accelerators;

/// <summary>Settles on one of the rows that a name may mean, by the memory that was seen.</summary>
internal static class Candidates
{
    /// <summary>
    /// Drivers keep up to 6.3 % of the nominal memory for error correction and themselves (T4: 15360 of 16384 MiB), and variants of one
    /// product differ by 12 % at least (H200 141 and GH200 144 GB have names of their own).
    /// </summary>
    private const double Tolerance = 0.08;

    public static AcceleratorMatch Choose(ImmutableArray<AcceleratorFacts> rows, long? memoryBytes, DeviceFraction fraction, params ImmutableArray<string> seen)
    {
        if (rows.IsEmpty) return new AcceleratorMatch.Unknown("no accelerator of that name is in the table", seen, []);
        if (memoryBytes is not { } memory)
        {
            return rows.Length == 1
                ? Known(rows[0], rows[0].Device, fraction, seen)
                : new AcceleratorMatch.Unknown("several accelerators have that name, and no label tells their memory", seen, [.. rows.Select(static r => r.Device.Key)]);
        }

        var near = rows.Where(r => Math.Abs(r.Device.MemoryBytes - memory) <= Tolerance * r.Device.MemoryBytes).ToList();
        if (near.Count == 1) return Known(near[0], near[0].Device with { MemoryBytes = memory }, fraction, seen);
        if (near.Count > 1) return new AcceleratorMatch.Unknown("several accelerators have that name and memory", seen, [.. near.Select(static r => r.Device.Key)]);
        return rows.Length == 1
            ? Known(rows[0], OtherMemory(rows[0].Device, memory), fraction, seen, $"{Gib(memory)} GiB seen, where the table's {rows[0].Device.Name} has {Gib(rows[0].Device.MemoryBytes)}: a variant whose speed is not known")
            : new AcceleratorMatch.Unknown($"none of the accelerators of that name has {Gib(memory)} GiB", seen, [.. rows.Select(static r => r.Device.Key)]);
    }

    private static AcceleratorMatch.Known Known(AcceleratorFacts row, Accelerator device, DeviceFraction fraction, ImmutableArray<string> seen, string note = "") =>
        new(row, device, fraction, string.Join(", ", seen), note);

    // A card of the same name with other memory has another memory bus, and often fewer cores.
    private static Accelerator OtherMemory(Accelerator device, long memory) => device with
    {
        MemoryBytes = memory,
        BandwidthBytesPerSecond = null,
        Fp16FlopsPerSecond = null,
        Fp8FlopsPerSecond = null,
        Int8OpsPerSecond = null,
        Fp4FlopsPerSecond = null,
    };

    private static string Gib(long bytes) => $"{bytes / (1024d * 1024 * 1024):0.#}";
}
