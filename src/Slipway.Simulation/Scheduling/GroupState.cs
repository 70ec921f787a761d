using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>A PodGroup.</summary>
/// <param name="json">The object.</param>
internal sealed class GroupState(JsonElement json)
{
    public JsonElement Json { get; } = json;

    public NamespacedName Key { get; } = new(json.Text("metadata", "namespace"), json.Text("metadata", "name"));

    public string Uid { get; } = json.Text("metadata", "uid");

    /// <summary>How many pods have to be scheduled for any to be; 0 where each is by itself.</summary>
    public int MinCount { get; } = json.At("spec", "schedulingPolicy", "gang", "minCount") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) ? count : 0;

    /// <summary>Whether it is written down that it has its nodes.</summary>
    public bool IsScheduled { get; } = json.At("status").Items("conditions").Any(static c => c.Text("type") is "PodGroupScheduled" && c.Text("status") is "True");

    /// <summary>The node label of which all pods get nodes with one value; empty where they may be anywhere.</summary>
    public string TopologyKey { get; } = json.At("spec", "schedulingConstraints").Items("topology").FirstOrDefault().Text("key");

    /// <summary>Whether a pod's entry names the group's own claim: by the same name, and with the same reference.</summary>
    public bool Shares(JsonElement entry) => Json.At("spec").Items("resourceClaims").Any(c =>
        c.Text("name") == entry.Text("name") && c.Text("resourceClaimName") == entry.Text("resourceClaimName") && c.Text("resourceClaimTemplateName") == entry.Text("resourceClaimTemplateName"));
}
