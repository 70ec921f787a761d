using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Prices;

namespace Slipway.Capacity.Cost;

/// <summary>What a replica would cost on a machine, before it runs.</summary>
/// <param name="Share">The part of the machine that it takes, 0 to 1.</param>
/// <param name="PerHour">What that costs an hour.</param>
/// <param name="Price">The machine's price with its source and age, or why there is none.</param>
public sealed record ReplicaCost(double Share, CostSum PerHour, PriceAnswer Price)
{
    /// <summary>Hours of a month, as clouds count: 365 days of 24 hours over 12.</summary>
    public const decimal HoursPerMonth = 730;

    /// <summary>What it costs a month.</summary>
    public CostSum PerMonth => PerHour.Times(HoursPerMonth);

    /// <summary>A replica on one machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="price">Its price.</param>
    /// <param name="devices">Devices that the replica takes; a fraction for a slice.</param>
    /// <param name="cpuMillis">Processors, thousandths.</param>
    /// <param name="memoryBytes">Memory, bytes. Where the machine's is not known it does not count.</param>
    public static ReplicaCost Of(MachineType machine, PriceAnswer price, double devices, long cpuMillis = 0, long memoryBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(price);
        ArgumentOutOfRangeException.ThrowIfNegative(devices);
        if (devices > machine.Count) return Unknown($"{machine.Name} has {machine.Count} devices, and the replica takes {devices}", price);
        var share = DominantShare.Of(devices, machine.Count, cpuMillis, (machine.Vcpus ?? 0) * 1000, memoryBytes, (machine.MemoryGib ?? 0) * (1L << 30));
        return price.TryGet(out var known, out var reason)
            ? new ReplicaCost(share, CostSum.Of(known.Amount * (decimal)share, known.Currency), price)
            : new ReplicaCost(share, CostSum.NotKnown(reason), price);
    }

    private static ReplicaCost Unknown(string reason, PriceAnswer price) => new(1, CostSum.NotKnown(reason), price);
}
