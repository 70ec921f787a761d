using System.Text.Json;

namespace Slipway.Capacity.Inventory.Slices.Allocation;

/// <summary>Gives devices to claims, as the scheduler's plugin for dynamic resource allocation does: one node at a time, never the same device twice.</summary>
/// <param name="devices">The cluster's devices, classes, and claims that have some.</param>
/// <remarks>Keeps what was given until it is given back; not for several threads.</remarks>
internal sealed class DeviceAllocator(ClusterDevices devices)
{
    private readonly DeviceUse _use = new(devices.Pools, devices.Claims);
    private readonly Dictionary<string, (ClaimNeeds? Needs, string? Refusal)> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SliceDevice[]> _local = devices.Pools.ByNode.ToDictionary(static n => n.Node, static n => n.Devices.ToArray(), StringComparer.Ordinal);

    private readonly SliceDevice[] _mixed = [.. devices.Pools.Devices.Where(static d => d.Mixed is not null)];

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
    public AllocationAnswer Find(string node, IReadOnlyDictionary<string, string> labels, IReadOnlyList<ClaimNeeds> claims) => Search(node, labels, claims).Find();

    /// <summary>Looks how often the same claims find devices on a node; nothing is given.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="labels">The node's labels.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="most">Where to stop.</param>
    public (int Times, AllocationAnswer First) Count(string node, IReadOnlyDictionary<string, string> labels, IReadOnlyList<ClaimNeeds> claims, int most) => Search(node, labels, claims).Count(most);

    private AllocationSearch Search(string node, IReadOnlyDictionary<string, string> labels, IReadOnlyList<ClaimNeeds> claims)
    {
        var reached = _local.GetValueOrDefault(node, []);
        if (_local.TryGetValue("", out var far) && far.Where(d => d.Reaches(node, labels)).ToList() is { Count: > 0 } others) reached = [.. reached.Concat(others).OrderBy(static d => d.Index)];
        HashSet<int> elsewhere = [];
        if (_mixed.Length > 0)
        {
            // Of a slice whose devices are of several nodes, selectors are asked of all, and may fail on those of another node.
            var slices = reached.Select(static d => d.Mixed).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var strangers = _mixed.Where(d => slices.Contains(d.Mixed!) && !d.Reaches(node, labels)).ToList();
            elsewhere = [.. strangers.Select(static d => d.Index)];
            reached = [.. reached.Concat(strangers).OrderBy(static d => d.Index)];
        }

        return new(claims, reached, elsewhere, _use, [.. devices.Pools.Incomplete.Where(p => p.Reaches(node, labels))]);
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
