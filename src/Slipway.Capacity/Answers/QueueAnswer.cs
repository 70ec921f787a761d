using System.Collections.Immutable;
using Slipway.Capacity.Queues;

namespace Slipway.Capacity.Answers;

/// <summary>A LocalQueue of Kueue.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="ClusterQueue">The ClusterQueue that it leads to.</param>
/// <param name="Pending">Workloads that wait in it.</param>
/// <param name="Closed">Why it admits nothing; null when it does.</param>
/// <param name="Borrows">Whether the ClusterQueue may borrow from a cohort; null where it may not be read.</param>
/// <param name="Flavors">What the ClusterQueue has, by flavor and resource.</param>
/// <param name="Says">The same in words.</param>
public sealed record QueueAnswer(string Namespace, string Name, string ClusterQueue, long Pending, string? Closed, bool? Borrows, ImmutableArray<QueueFlavor> Flavors, string Says)
{
    internal static QueueAnswer Of(NamespaceQueue queue) => new(queue.Namespace, queue.Name, queue.ClusterQueue, queue.Pending, queue.Closed, queue.Borrows, queue.Flavors, queue.Say());
}
