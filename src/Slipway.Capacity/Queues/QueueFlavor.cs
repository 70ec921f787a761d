namespace Slipway.Capacity.Queues;

/// <summary>How much of one resource a ClusterQueue has in one flavor, as Kueue counts it.</summary>
/// <param name="Flavor">The ResourceFlavor.</param>
/// <param name="Resource">The resource, as in <c>nvidia.com/gpu</c>.</param>
/// <param name="Nominal">What the queue has of its own: cores, bytes or devices.</param>
/// <param name="Reserved">What is reserved of it.</param>
public sealed record QueueFlavor(string Flavor, string Resource, decimal Nominal, decimal Reserved)
{
    /// <summary>What is left of its own.</summary>
    public decimal Left => Math.Max(0, Nominal - Reserved);
}
