using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Simulated;

namespace Slipway.Simulation.Cluster;

/// <summary>Simulated nodes as Kubernetes has them.</summary>
internal static class NodeObjects
{
    /// <summary>The Node objects of a group, each with its status.</summary>
    public static IEnumerable<(JsonObject Node, JsonObject Status)> Nodes(NodeGroup group, DateTimeOffset now) => Enumerable.Range(0, group.Count).Select(i =>
    {
        var node = Start("v1", "Node", Name(group, i), group);
        var labels = node["metadata"]!["labels"]!.AsObject();
        foreach (var (key, value) in Labels(group, i)) labels[key] = value;
        var spec = new JsonObject { ["taints"] = new JsonArray([.. group.Taints.Select(static t => (JsonNode)new JsonObject { ["key"] = t.Key, ["value"] = t.Value, ["effect"] = t.Effect })]) };
        if (group.Machine is { } machine) spec["providerID"] = machine.Provider switch { "gcp" => "gce://", var provider => $"{provider}://" } + $"/simulated/{Name(group, i)}";
        node["spec"] = spec;
        return (node, Status(group, now));
    });

    /// <summary>The ResourceSlices of a group, one for each node; none where a device plugin offers its devices.</summary>
    public static IEnumerable<JsonObject> Slices(NodeGroup group)
    {
        if (group.Accelerator is not { } accelerator || group.HasPlugin || SimulatedDriver.Of(accelerator) is not { } driver) return [];
        return Enumerable.Range(0, group.Count).Select(i =>
        {
            var slice = Start("resource.k8s.io/v1", "ResourceSlice", $"{Name(group, i)}-{driver.Name}", group);
            slice["spec"] = new JsonObject
            {
                ["driver"] = driver.Name,
                ["nodeName"] = Name(group, i),
                ["pool"] = new JsonObject { ["name"] = Name(group, i), ["generation"] = 1, ["resourceSliceCount"] = 1 },
                ["devices"] = new JsonArray([.. Enumerable.Range(0, group.PerNode).Select(d => (JsonNode)driver.Device(accelerator, i, d, group.PerNode))]),
            };
            return slice;
        });
    }

    /// <summary>The classes of the drivers that publish devices, one for each driver.</summary>
    public static ImmutableArray<JsonObject> Classes(SimulationPlan plan) =>
    [
        .. plan.Nodes.Where(static g => g.Accelerator is not null && !g.HasPlugin).Select(static g => (g.Accelerator, Driver: SimulatedDriver.Of(g.Accelerator!)!)).DistinctBy(static g => g.Driver.Name)
            .Select(static g => new SimulatedCluster(g.Accelerator!, g.Driver, 1, 1, 0).DeviceClass()),
    ];

    private static string Name(NodeGroup group, int index) => string.Create(CultureInfo.InvariantCulture, $"{group.Name}-{index}");

    private static IEnumerable<(string Key, string Value)> Labels(NodeGroup group, int index)
    {
        yield return ("kubernetes.io/hostname", Name(group, index));
        yield return ("kubernetes.io/os", "linux");
        yield return ("kubernetes.io/arch", "amd64");
        if (group.Machine is { } machine) yield return ("node.kubernetes.io/instance-type", machine.Name);
        if (group.Region.Length > 0) yield return ("topology.kubernetes.io/region", group.Region);
        if (!group.Zones.IsEmpty) yield return ("topology.kubernetes.io/zone", group.Zones[index % group.Zones.Length]);
        if (group.Racks > 0) yield return (SimulatedCluster.RackLabel, string.Create(CultureInfo.InvariantCulture, $"rack-{index * group.Racks / group.Count}"));
        // What NVIDIA's feature discovery says of a node beside its device plugin.
        if (group is { HasPlugin: true, Accelerator: { } accelerator })
        {
            yield return ("nvidia.com/gpu.present", "true");
            yield return ("nvidia.com/gpu.product", accelerator.Products[0]);
            yield return ("nvidia.com/gpu.memory", (accelerator.Device.MemoryBytes >> 20).ToString(CultureInfo.InvariantCulture));
            yield return ("nvidia.com/gpu.count", group.PerNode.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (key, value) in group.Labels) yield return (key, value);
    }

    private static JsonObject Status(NodeGroup group, DateTimeOffset now)
    {
        JsonObject Room()
        {
            var room = new JsonObject { ["cpu"] = group.Cpu, ["memory"] = group.Memory, ["pods"] = "110" };
            if (group is { HasPlugin: true, Accelerator: { } accelerator }) room[accelerator.Resource] = group.PerNode.ToString(CultureInfo.InvariantCulture);
            return room;
        }

        return new()
        {
            ["capacity"] = Room(),
            ["allocatable"] = Room(),
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = "True",
                ["reason"] = "Simulated",
                ["message"] = "A simulated node: nothing runs on it",
                ["lastHeartbeatTime"] = Time.Text(now),
                ["lastTransitionTime"] = Time.Text(now),
            }),
            ["nodeInfo"] = new JsonObject
            {
                ["kubeletVersion"] = "simulated",
                ["osImage"] = "simulated",
                ["operatingSystem"] = "linux",
                ["architecture"] = "amd64",
                ["kernelVersion"] = "",
                ["containerRuntimeVersion"] = "",
                ["kubeProxyVersion"] = "",
                ["machineID"] = "",
                ["systemUUID"] = "",
                ["bootID"] = "",
            },
        };
    }

    private static JsonObject Start(string version, string kind, string name, NodeGroup group) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [SimulatedLabel.Key] = group.Accelerator?.Device.Key ?? "cpu" } },
    };
}
