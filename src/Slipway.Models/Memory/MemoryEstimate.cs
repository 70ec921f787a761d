namespace Slipway.Models.Memory;

/// <summary>The memory of the fullest device of a replica, in parts that add up.</summary>
public sealed record MemoryEstimate
{
    /// <summary>The parts; those of zero bytes are left out.</summary>
    public required IReadOnlyList<MemoryPart> Parts { get; init; }

    /// <summary>Bytes that the engine may take of the device for the parts inside its share.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>Bytes of the device.</summary>
    public required long DeviceBytes { get; init; }

    /// <summary>All parts together.</summary>
    public long TotalBytes => Sum(null);

    /// <summary>Parts that must fit into the engine's share.</summary>
    public long InsideBytes => Sum(true);

    /// <summary>Parts beside the engine's share.</summary>
    public long OutsideBytes => Sum(false);

    /// <summary>What the engine leaves for cache: its share less everything else inside it; below zero when even that does not fit.</summary>
    public long CacheRoomBytes => Math.Min(BudgetBytes - (InsideBytes - CacheBytes), DeviceBytes - (TotalBytes - CacheBytes));

    /// <summary>Cache and state that the workload asks for.</summary>
    public long CacheBytes => this[MemoryPartKind.Cache] + this[MemoryPartKind.State];

    /// <summary>Bytes that are taken once the engine runs: engines that take a share take all of it, needed or not.</summary>
    public required long ReservedBytes { get; init; }

    /// <summary>Bytes of a part; 0 when there is none.</summary>
    public long this[MemoryPartKind kind]
    {
        get
        {
            foreach (var part in Parts)
            {
                if (part.Kind == kind) return part.Bytes;
            }

            return 0;
        }
    }

    private long Sum(bool? inside)
    {
        var sum = 0L;
        foreach (var part in Parts)
        {
            if (inside is null || part.Inside == inside) sum += part.Bytes;
        }

        return sum;
    }
}

/// <summary>One part of a device's memory.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Inside">Whether it must fit into the share that the engine may take.</param>
/// <param name="Why">The formula with its numbers.</param>
public sealed record MemoryPart(MemoryPartKind Kind, long Bytes, bool Inside, string Why);

/// <summary>What memory is taken for.</summary>
public enum MemoryPartKind
{
    /// <summary>The model's weights as the engine lays them out, with tables made at start.</summary>
    Weights,

    /// <summary>Keys and values of all sequences.</summary>
    Cache,

    /// <summary>Recurrent states of all sequences.</summary>
    State,

    /// <summary>The peak of what one step computes.</summary>
    Activations,

    /// <summary>Captured CUDA graphs.</summary>
    Graphs,

    /// <summary>Communication buffers and libraries' workspaces.</summary>
    Workspaces,

    /// <summary>The driver's context.</summary>
    Context,

    /// <summary>Other processes on the card.</summary>
    Others,
}
