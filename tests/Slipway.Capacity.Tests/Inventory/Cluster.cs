using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Tests.Accelerators;

namespace Slipway.Capacity.Tests.Inventory;

/// <summary>Nodes and pods for tests.</summary>
internal static class Cluster
{
    public static NodeFacts Node(string name, string labels = "", long gpus = 0, string resource = "nvidia.com/gpu", string provider = "", long cpu = 64_000, long memory = 512L << 30)
    {
        ImmutableArray<KeyValuePair<string, long>> devices = gpus == 0 ? [] : [KeyValuePair.Create(resource, gpus)];
        return new NodeFacts
        {
            Name = name,
            Labels = NodeMatcherTests.Labels(labels).ToImmutableDictionary(),
            Capacity = new ResourceAmounts(cpu, memory, devices),
            Allocatable = new ResourceAmounts(cpu, memory, devices),
            ProviderId = provider,
        };
    }

    public static PodFacts Pod(string name, string node, long gpus = 0, string resource = "nvidia.com/gpu", long cpu = 1000, long memory = 1L << 30, string space = "default") => new()
    {
        Namespace = space,
        Name = name,
        Node = node,
        Requests = new ResourceAmounts(cpu, memory, gpus == 0 ? [] : [KeyValuePair.Create(resource, gpus)]),
    };

    public static PodFacts ReadPod(string json) => PodReader.Read(JsonDocument.Parse(json).RootElement)!;

    public static NodeFacts ReadNode(string json) => NodeReader.Read(JsonDocument.Parse(json).RootElement)!;
}
