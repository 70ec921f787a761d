using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory;

/// <summary>Amounts of resources: a node's, or what a pod asks for.</summary>
/// <param name="CpuMillis">CPU in thousandths of a core.</param>
/// <param name="MemoryBytes">Memory, bytes.</param>
/// <param name="Extended">Whole units of extended resources by name, as in <c>nvidia.com/gpu</c>.</param>
public sealed record ResourceAmounts(long CpuMillis, long MemoryBytes, ImmutableArray<KeyValuePair<string, long>> Extended)
{
    /// <summary>Nothing.</summary>
    public static ResourceAmounts None { get; } = new(0, 0, []);

    /// <summary>Units of an extended resource; 0 when there are none.</summary>
    public long this[string resource]
    {
        get
        {
            foreach (var (name, amount) in Extended)
            {
                if (name == resource) return amount;
            }

            return 0;
        }
    }

    /// <summary>Both together.</summary>
    public ResourceAmounts Plus(ResourceAmounts other) => other == None ? this : this == None ? other
        : Combine(other, static (a, b) => Saturated(a, b));

    /// <summary>The larger of the two, resource by resource.</summary>
    public ResourceAmounts Max(ResourceAmounts other) => other == None ? this : this == None ? other : Combine(other, Math.Max);

    private ResourceAmounts Combine(ResourceAmounts other, Func<long, long, long> combine)
    {
        if (Extended.IsEmpty && other.Extended.IsEmpty) return new(combine(CpuMillis, other.CpuMillis), combine(MemoryBytes, other.MemoryBytes), []);
        var names = Extended.Select(static e => e.Key).Union(other.Extended.Select(static e => e.Key), StringComparer.Ordinal);
        return new(combine(CpuMillis, other.CpuMillis), combine(MemoryBytes, other.MemoryBytes), [.. names.Select(n => KeyValuePair.Create(n, combine(this[n], other[n])))]);
    }

    private static long Saturated(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
