using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Capacity.Inventory.Watched;

/// <summary>What monitors say of a cluster's devices. Immutable.</summary>
public sealed class WatchedNodes
{
    private readonly FrozenDictionary<string, NodeReport> _nodes;
    private readonly FrozenDictionary<string, string> _broken;

    private WatchedNodes(FrozenDictionary<string, NodeReport> nodes, ImmutableArray<string> notes)
    {
        (_nodes, Notes) = (nodes, notes);
        _broken = nodes.Values.SelectMany(static n => n.Devices).Where(static d => d.Broken is not null).DistinctBy(static d => d.Id).ToFrozenDictionary(static d => d.Id, static d => d.Broken!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>No monitors.</summary>
    public static WatchedNodes None { get; } = new(FrozenDictionary<string, NodeReport>.Empty, []);

    /// <summary>What is to be said beside the devices: broken ones, and monitors that say nothing.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Takes reports.</summary>
    /// <param name="reports">The reports; of a node the newest counts.</param>
    /// <param name="now">The time: what is old does not count, since a device may have been mended or lost meanwhile.</param>
    public static WatchedNodes Of(IEnumerable<NodeReport> reports, DateTimeOffset now)
    {
        List<NodeReport> newest = [.. reports.GroupBy(static r => r.Node, StringComparer.Ordinal).Select(static g => g.MaxBy(static r => r.At)!).OrderBy(static r => r.Node, StringComparer.Ordinal)];
        var notes = newest.SelectMany(r => now - r.At > NodeReport.Fresh ? [string.Create(CultureInfo.InvariantCulture, $"the monitor of node {r.Node} has said nothing since {r.At:u}: what it said is left out")]
            : r.Unread is { } why ? [$"the devices of node {r.Node} cannot be read: {why}"]
            : r.Devices.Where(static d => d.Broken is not null).Select(d => $"{r.Node}: {d.Name ?? "device"} {d.Id} is broken: {d.Broken}"));
        return new(newest.Where(r => now - r.At <= NodeReport.Fresh && r.Unread is null).ToFrozenDictionary(static r => r.Node, StringComparer.Ordinal), [.. notes]);
    }

    /// <summary>What the monitor of a node says; null when there is none, or it says nothing of use.</summary>
    public NodeReport? On(string node) => _nodes.GetValueOrDefault(node);

    /// <summary>Whether a device must not be used, by its driver's attribute <c>uuid</c>.</summary>
    public bool IsBroken(string? id) => id is not null && _broken.ContainsKey(id);

    /// <summary>The share of a node's devices that pods have and that do not compute, 0 to 1; null where it is not known of all.</summary>
    /// <param name="node">The node.</param>
    /// <remarks>Busy time of devices against the number that is held: of what nobody holds nothing computes.</remarks>
    public double? HeldIdle(NodeInventory node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (On(node.Node.Name) is not { Devices: { IsEmpty: false } devices } || devices.Any(static d => d.Busy is null)) return null;
        var (total, held) = (node.Devices.Sum(static d => d.Devices ?? double.NaN), node.Devices.Sum(static d => d.Total == 0 ? 0 : (d.Devices ?? double.NaN) * d.Used / d.Total));
        return double.IsNaN(total) || total <= 0 ? null : Math.Max(0, held - devices.Sum(static d => d.Busy!.Value)) / total;
    }
}
