using System.Collections.Immutable;
using Slipway.Capacity.Queues;

namespace Slipway.Capacity.Quotas;

/// <summary>What limits the models of a namespace, as far as it may be read.</summary>
/// <param name="Quotas">Its ResourceQuotas.</param>
/// <param name="Queues">Its LocalQueues of Kueue.</param>
/// <param name="Classes">Extended resources that stand for DeviceClasses, by the class's name.</param>
/// <param name="Unread">What could not be read, in words.</param>
public sealed record NamespaceLimits(ImmutableArray<NamespaceQuota> Quotas, ImmutableArray<NamespaceQueue> Queues, ImmutableDictionary<string, string> Classes, ImmutableArray<string> Unread)
{
    /// <summary>No limits.</summary>
    public static NamespaceLimits None { get; } = new([], [], ImmutableDictionary<string, string>.Empty, []);
}
