using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Slices.Allocation;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Whether claims of one shape fit a cluster.</summary>
public enum DeviceVerdict
{
    /// <summary>At least one fits now.</summary>
    Fits,

    /// <summary>None fits now, and one would if nothing were in use.</summary>
    FitsWhenIdle,

    /// <summary>No node has devices for one.</summary>
    Never,

    /// <summary>It cannot be told.</summary>
    Unknown,
}

/// <summary>How many claims of one shape fit a cluster, and why not more.</summary>
/// <param name="Verdict">The answer in a word.</param>
/// <param name="Nodes">How many fit at once on each node that has room for one.</param>
/// <param name="Reasons">Why devices were passed over, most frequent first, such as "24 devices: 81559Mi is less than 80Gi".</param>
/// <remarks>Advisory: the scheduler decides, and slices outlive a driver that is gone.</remarks>
public sealed record DeviceFit(DeviceVerdict Verdict, ImmutableSortedDictionary<string, int> Nodes, ImmutableArray<string> Reasons)
{
    private static readonly ImmutableDictionary<string, string> s_noLabels = ImmutableDictionary<string, string>.Empty;
    private static readonly ImmutableSortedDictionary<string, int> s_none = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>How many claims fit at once.</summary>
    public int Total => Nodes.Values.Sum();

    // Of what is shared without end, or only looked at, there is any number.
    private const int MostOnNode = 1000;

    /// <summary>Decides.</summary>
    /// <param name="claim">The spec of a ResourceClaim.</param>
    /// <param name="devices">The cluster's devices, and claims for what is in use.</param>
    /// <param name="nodes">The nodes with their labels, which say what devices reach them that are no node's own. Without them, only nodes that have devices are looked at.</param>
    /// <returns>The answer.</returns>
    public static DeviceFit Of(JsonElement claim, ClusterDevices devices, IReadOnlyCollection<NodeFacts>? nodes = null)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var allocator = new DeviceAllocator(devices);
        var (needs, refusal) = allocator.Read(claim);
        if (needs is null) return Unknown(refusal!);
        var reasons = new Reasons();
        foreach (var alternative in needs.Requests.SelectMany(static r => r))
        {
            foreach (var device in devices.Pools.Devices) alternative.Accepts(device, reasons);
        }

        var places = nodes is not null ? nodes.Select(static n => (n.Name, n.Labels)).ToList() : [.. devices.Pools.ByNode.Select(static n => n.Node).Where(static n => n.Length > 0).Union(devices.Pools.Incomplete.SelectMany(static p => p.Nodes)).Select(static n => (n, s_noLabels))];
        var now = Count(allocator);
        var isHalfKnown = nodes is null && devices.Pools.ByNode.Any(static n => n.Node.Length == 0);
        var verdict = now.Nodes.Count > 0 ? DeviceVerdict.Fits : now.IsUntold || isHalfKnown ? DeviceVerdict.Unknown
            : Count(new DeviceAllocator(devices with { Claims = [] })) is var idle && idle.Nodes.Count > 0 ? DeviceVerdict.FitsWhenIdle
            : idle.IsUntold ? DeviceVerdict.Unknown : DeviceVerdict.Never;
        string[] told =
        [
            .. reasons.Told(), .. devices.Pools.Incomplete.Select(static p => $"pool {p.Name}: {p.Why}"),
            .. now.Failure is { } failure && !reasons.Failed ? [failure] : Array.Empty<string>(), .. now.GaveUp ? ["there are too many ways to try"] : Array.Empty<string>(),
        ];
        return new(verdict, now.Nodes, [.. told]);

        (ImmutableSortedDictionary<string, int> Nodes, string? Failure, bool GaveUp, bool IsUntold) Count(DeviceAllocator left)
        {
            var (fit, failure, gaveUp, isUntold) = (ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal), default(string), false, false);
            foreach (var (node, labels) in places)
            {
                var (times, first) = left.Count(node, labels, [needs], MostOnNode);
                if (times > 0) fit[node] = times;
                failure ??= first.Failure;
                gaveUp |= first.GaveUp;
                isUntold |= first.IsUntold || first.GaveUp;
            }

            // What fails on one node ends the scheduling of a pod on all.
            return (failure is null ? fit.ToImmutable() : s_none, failure, gaveUp, isUntold);
        }
    }

    private static DeviceFit Unknown(string why) => new(DeviceVerdict.Unknown, s_none, [why]);
}

/// <summary>Why devices are passed over, counted.</summary>
internal sealed class Reasons
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether an expression failed on a device, which ends the scheduling of a pod.</summary>
    public bool Failed { get; private set; }

    public bool Because(string reason, bool failed = false)
    {
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        Failed |= failed;
        return false;
    }

    public IEnumerable<string> Told() => _counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {(c.Value == 1 ? "device" : "devices")}: {c.Key}"));
}
