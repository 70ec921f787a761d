using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices.Allocation;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>A ResourceClaim, with what it is given meanwhile.</summary>
internal sealed class ClaimState
{
    /// <summary>The most pods that use one claim (ResourceClaimReservedForMaxSize).</summary>
    public const int MostConsumers = 256;

    private readonly bool _had;
    private readonly HashSet<string> _consumers;

    public ClaimState(JsonElement json)
    {
        Json = json;
        Key = new(json.Text("metadata", "namespace"), json.Text("metadata", "name"));
        _had = json.At("status", "allocation").ValueKind is JsonValueKind.Object;
        _consumers = [.. json.At("status").Items("reservedFor").Select(static r => r.Text("uid"))];
    }

    public JsonElement Json { get; }

    public NamespacedName Key { get; }

    public bool IsDeleting => Json.At("metadata", "deletionTimestamp").ValueKind is JsonValueKind.String;

    /// <summary>Whether it has devices, from before or by now.</summary>
    public bool IsAllocated => _had || !Given.IsDefault;

    /// <summary>What it was given now.</summary>
    public ImmutableArray<DeviceGrant> Given { get; set; }

    /// <summary>The node on which it was given that.</summary>
    public string GivenOn { get; set; } = "";

    /// <summary>Who uses it besides by now, with the entry that says so.</summary>
    public List<Consumer> Added { get; } = [];

    /// <summary>Whether somebody else may still use it.</summary>
    public bool HasRoom(string uid) => _consumers.Contains(uid) || Added.Exists(a => a.Uid == uid) || _consumers.Count + Added.Count < MostConsumers;

    /// <summary>Whether it may be used on a node.</summary>
    public bool Reaches(NodeState node)
    {
        if (_had) return Json.At("status", "allocation", "nodeSelector") is not { ValueKind: JsonValueKind.Object } selector || NodeSelectorTerms.Choose(selector, node.Name, node.Labels);
        return Given.IsDefault || Given.All(g => g.Device.Node.Length > 0 ? g.Device.Node == node.Name : Reaches(g, node));
    }

    /// <summary>Adds whoever uses it; nothing when it is known.</summary>
    /// <returns>Whether it was added.</returns>
    public bool Use(Consumer consumer)
    {
        if (_consumers.Contains(consumer.Uid) || Added.Exists(a => a.Uid == consumer.Uid)) return false;
        Added.Add(consumer);
        return true;
    }

    private static bool Reaches(DeviceGrant grant, NodeState node) =>
        grant.Device.Reach.At("allNodes").ValueKind is JsonValueKind.True || NodeSelectorTerms.Choose(grant.Device.Reach.At("nodeSelector"), node.Name, node.Labels);
}

/// <summary>Who uses a claim.</summary>
/// <param name="Resource"><c>pods</c> or <c>podgroups</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
internal sealed record Consumer(string Resource, string Name, string Uid);
