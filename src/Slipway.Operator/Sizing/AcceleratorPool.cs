using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Models.Hardware;

namespace Slipway.Operator.Sizing;

/// <summary>The accelerators of one kind.</summary>
/// <param name="Accelerator">The kind.</param>
/// <param name="Most">The most of them that a node has.</param>
internal sealed record AcceleratorPool(Accelerator Accelerator, int Most)
{
    /// <summary>What is taken for granted where the cluster says nothing: 8 of 80 GB in a node, the usual A100 and H100 machine.</summary>
    /// <remarks>Cards of nominally 80 GB report 79.3 GiB (A100) and 79.6 GiB (H100), which are 85.2 and 85.5 GB.</remarks>
    /// <param name="least">The least memory that is asked for, bytes; null when none is.</param>
    public static AcceleratorPool Assumed(long? least) => least is { } bytes
        ? new(new Accelerator { Key = AssumedKey, Name = FormattableString.Invariant($"{bytes / 1e9:0.#} GB"), MemoryBytes = bytes }, 8)
        : new(new Accelerator { Key = AssumedKey, Name = "80 GB", MemoryBytes = 85_000_000_000 }, 8);

    /// <summary>The key of an accelerator that is taken for granted.</summary>
    public const string AssumedKey = "assumed";

    /// <summary>Finds the kinds that are asked for, the smallest memory first.</summary>
    /// <param name="nodes">The cluster's nodes.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="devices">What DRA drivers publish.</param>
    /// <returns>The kinds, and why devices were passed over.</returns>
    public static (IReadOnlyList<AcceleratorPool> Pools, string Passed) Of(IEnumerable<NodeFacts> nodes, SizingRequest request, ClusterDevices devices)
    {
        var able = nodes.Where(n => request.NodeSelector.All(l => n.Labels.TryGetValue(l.Key, out var value) && value == l.Value)).DistinctBy(n => n.Name).ToList();
        var plugins = request.Claim is not null ? [] : InventoryBuilder.Bundled.Build(able, []).Nodes
            .SelectMany(n => n.Devices.Where(d => d.Resource == request.Resource).Select(d => (Kind: Kind(d.Match, n.Node), Most: d.Total)));
        var (published, passed) = Published(able, request, devices);
        return ([.. plugins.Concat(published)
            .Where(d => d.Kind is not null)
            .GroupBy(d => (d.Kind!.Key, d.Kind.MemoryBytes)).Select(g => new AcceleratorPool(g.First().Kind!, (int)Math.Min(g.Max(d => d.Most), 64)))
            .OrderBy(p => p.Accelerator.MemoryBytes)], passed);
    }

    private static (IReadOnlyList<(Accelerator? Kind, long Most)> Devices, string Passed) Published(List<NodeFacts> able, SizingRequest request, ClusterDevices devices)
    {
        if ((request.Claim ?? Mapped(request.Resource, devices)) is not { } claim || devices.Pools.Devices.IsEmpty) return ([], "");
        using var spec = JsonDocument.Parse(claim);
        var offers = DeviceOffers.Of(spec.RootElement, devices, AcceleratorTable.Bundled);
        var names = able.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return ([.. offers.Offers.Where(o => names.Contains(o.Node)).Select(o => (Kind(o), (long)o.Most))], string.Join("; ", offers.Reasons));
    }

    // From Kubernetes 1.36 on, nodes without the resource give devices of the class that has its name (KEP-5004).
    private static string? Mapped(string resource, ClusterDevices devices) =>
        devices.Classes.FirstOrDefault(c => c.Value.TryGetProperty("spec", out var spec) && spec.TryGetProperty("extendedResourceName", out var name) && name.ValueEquals(resource)).Key is { } named
            ? new JsonObject { ["devices"] = new JsonObject { ["requests"] = new JsonArray(new JsonObject { ["name"] = "x", ["exactly"] = new JsonObject { ["deviceClassName"] = named } }) } }.ToJsonString() : null;

    private static Accelerator? Kind(DeviceOffer offer) => offer.Match is AcceleratorMatch.Known known ? known.Device with { MemoryBytes = known.UnitMemoryBytes }
        : offer.MemoryBytes is > 0 and var memory ? new Accelerator { Key = $"unlisted-{memory}", Name = offer.Name, MemoryBytes = memory } : null;

    // A product that no table lists may still say how much memory it has, in MiB.
    private static Accelerator? Kind(AcceleratorMatch match, NodeFacts node) => match switch
    {
        AcceleratorMatch.Known known => known.Device with { MemoryBytes = known.UnitMemoryBytes },
        _ when node.Labels.TryGetValue("nvidia.com/gpu.memory", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) && mebibytes > 0 =>
            new Accelerator
            {
                Key = $"unlisted-{mebibytes}",
                Name = node.Labels.TryGetValue("nvidia.com/gpu.product", out var product) ? product : "GPU",
                MemoryBytes = (long)mebibytes << 20,
                Vendor = "nvidia",
            },
        _ => null,
    };
}
