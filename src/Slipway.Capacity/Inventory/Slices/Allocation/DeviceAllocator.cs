using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>Gives devices to claims, as the scheduler's plugin for dynamic resource allocation does: one node at a time, never the same device twice.</summary>
/// <param name="devices">The cluster's devices, classes, and claims that have some.</param>
/// <remarks>Keeps what was given until it is given back; not for several threads.</remarks>
internal sealed class DeviceAllocator(ClusterDevices devices)
{
    private readonly DeviceUse _use = new(devices.Pools, devices.Claims);
    private readonly Dictionary<string, (ClaimNeeds? Needs, string? Refusal)> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SliceDevice[]> _local = devices.Pools.ByNode.ToDictionary(static n => n.Node, static n => n.Devices.ToArray(), StringComparer.Ordinal);

    /// <summary>Reads what a claim asks for.</summary>
    /// <param name="spec">The spec of a ResourceClaim.</param>
    /// <returns>The needs; or why there are none, in words.</returns>
    public (ClaimNeeds? Needs, string? Refusal) Read(JsonElement spec)
    {
        var text = spec.GetRawText();
        if (!_read.TryGetValue(text, out var read)) _read[text] = read = ClaimNeeds.Read(spec, devices.Classes);
        return read;
    }

    /// <summary>Looks for devices; nothing is given yet.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="labels">The node's labels.</param>
    /// <param name="claims">The claims, which have to be satisfied together.</param>
    public AllocationAnswer Find(string node, IReadOnlyDictionary<string, string> labels, IReadOnlyList<ClaimNeeds> claims)
    {
        var reached = _local.GetValueOrDefault(node, []);
        if (node.Length > 0 && _local.TryGetValue("", out var far))
            reached = [.. reached, .. far.Where(d => d.Reach.At("allNodes").ValueKind is JsonValueKind.True || NodeSelectorTerms.Choose(d.Reach.At("nodeSelector"), node, labels))];
        return new AllocationSearch(claims, reached, _use, !devices.Pools.Incomplete.Any(p => p.EndsWith($"/{node}", StringComparison.Ordinal))).Find();
    }

    /// <summary>Gives devices away.</summary>
    public void Take(IEnumerable<DeviceGrant> grants)
    {
        foreach (var grant in grants.Where(static g => !g.Alternative.IsAdmin)) _use.Take(grant.Device, grant.Shares);
    }

    /// <summary>Takes them back.</summary>
    public void GiveBack(IEnumerable<DeviceGrant> grants)
    {
        foreach (var grant in grants.Where(static g => !g.Alternative.IsAdmin)) _use.GiveBack(grant.Device, grant.Shares);
    }
}
