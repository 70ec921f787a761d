using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Simulated;

/// <summary>Nodes with accelerators that nobody has, as a DRA driver would publish them: what to try manifests, scheduling and capacity on.</summary>
/// <param name="Accelerator">What the devices are.</param>
/// <param name="Driver">The driver that is imitated.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="PerNode">How many devices each of them has.</param>
/// <param name="Racks">In how many racks they stand; 0 for none.</param>
public sealed record SimulatedCluster(AcceleratorFacts Accelerator, SimulatedDriver Driver, int Nodes, int PerNode, int Racks)
{
    /// <summary>The label of all that is simulated; its value is the accelerator's key.</summary>
    public const string Label = "slipway.dev/simulated";

    /// <summary>The most nodes.</summary>
    public const int MostNodes = 1000;

    /// <summary>The most devices of a node: what one ResourceSlice holds (ResourceSliceMaxDevices).</summary>
    public const int MostDevices = 128;

    /// <summary>The label of a node's rack.</summary>
    public const string RackLabel = "topology.kubernetes.io/rack";

    private string Key => Accelerator.Device.Key;

    /// <summary>The DeviceClass, as the driver's chart makes it.</summary>
    public JsonObject DeviceClass()
    {
        var spec = new JsonObject { ["selectors"] = new JsonArray(new JsonObject { ["cel"] = new JsonObject { ["expression"] = Driver.Selector } }) };
        if (Driver.ExtendedResource is { } resource) spec["extendedResourceName"] = resource;
        return Object("resource.k8s.io/v1", "DeviceClass", Driver.Name, spec);
    }

    /// <summary>The ResourceSlices, one for each node.</summary>
    public ImmutableArray<JsonObject> Slices() =>
    [
        .. Enumerable.Range(0, Nodes).Select(n => Object("resource.k8s.io/v1", "ResourceSlice", $"{Name(n)}-{Driver.Name}", new JsonObject
        {
            ["driver"] = Driver.Name,
            ["nodeName"] = Name(n),
            ["pool"] = new JsonObject { ["name"] = Name(n), ["generation"] = 1, ["resourceSliceCount"] = 1 },
            ["devices"] = new JsonArray([.. Enumerable.Range(0, PerNode).Select(i => (JsonNode)Driver.Device(Accelerator, n, i, PerNode))]),
        })),
    ];

    /// <summary>The Nodes; nothing runs on them.</summary>
    public ImmutableArray<JsonObject> NodeObjects() =>
    [
        .. Enumerable.Range(0, Nodes).Select(n =>
        {
            var node = Object("v1", "Node", Name(n), null);
            var labels = node["metadata"]!["labels"]!.AsObject();
            labels["kubernetes.io/hostname"] = Name(n);
            if (Racks > 0) labels[RackLabel] = FormattableString.Invariant($"rack-{n * Racks / Nodes}");
            return node;
        }),
    ];

    /// <summary>The status of such a node: ready, with room for what serves a model.</summary>
    /// <param name="now">The time.</param>
    public JsonObject NodeStatus(DateTimeOffset now)
    {
        JsonObject Room() => new() { ["cpu"] = FormattableString.Invariant($"{16 * PerNode}"), ["memory"] = FormattableString.Invariant($"{256 * PerNode}Gi"), ["pods"] = "110" };
        return new()
        {
            ["status"] = new JsonObject
            {
                ["capacity"] = Room(),
                ["allocatable"] = Room(),
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = "True",
                    ["reason"] = "Simulated",
                    ["message"] = "A node of slipway dra simulate: nothing runs on it",
                    ["lastHeartbeatTime"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
                }),
            },
        };
    }

    private string Name(int node) => FormattableString.Invariant($"simulated-{Key}-{node}");

    private JsonObject Object(string version, string kind, string name, JsonObject? spec)
    {
        var made = new JsonObject { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Label] = Key } } };
        if (spec is not null) made["spec"] = spec;
        return made;
    }
}
