namespace Slipway.Capacity.Accelerators;

/// <summary>What one unit of a resource is of a whole device.</summary>
/// <param name="Memory">Part of the device's memory that the unit can count on, above 0 and at most 1.</param>
/// <param name="Compute">Part of the device's compute that the unit gets when its neighbours are busy, above 0 and at most 1.</param>
/// <param name="How">How it is shared, as in <c>MIG 1g.5gb</c> or <c>time-slicing, 4 replicas</c>; empty for a whole device.</param>
public sealed record DeviceFraction(double Memory, double Compute, string How)
{
    /// <summary>A whole device.</summary>
    public static DeviceFraction Whole { get; } = new(1, 1, "");

    /// <summary>The part that a node's price is shared by: the larger of the two.</summary>
    public double Dominant => Math.Max(Memory, Compute);

    /// <summary>A device that several containers use in turn. Nothing guards their memory: each counts on its equal part.</summary>
    /// <param name="replicas">How many units one device is offered as; 1 or more.</param>
    /// <param name="strategy">As the label says it: <c>time-slicing</c> or <c>mps</c>.</param>
    public static DeviceFraction Shared(int replicas, string strategy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return replicas == 1 ? Whole : new(1.0 / replicas, 1.0 / replicas, $"{strategy}, {replicas} replicas");
    }

    /// <summary>This part of that part.</summary>
    public DeviceFraction Of(DeviceFraction other) => this == Whole ? other : other == Whole ? this
        : new(Memory * other.Memory, Compute * other.Compute, $"{How} of {other.How}");
}
