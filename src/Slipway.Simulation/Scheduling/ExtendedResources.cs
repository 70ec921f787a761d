using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>
/// Extended resources that a DeviceClass stands for (KEP-5004): on a node whose device plugin offers none of them, the pod gets a claim that the
/// scheduler makes.
/// </summary>
internal sealed class ExtendedResources
{
    private const string Implicit = "deviceclass.resource.kubernetes.io/";

    private readonly Dictionary<string, string> _classes = new(StringComparer.Ordinal);

    /// <summary>Reads the classes; of several for one resource the newest counts, then the first by name.</summary>
    public ExtendedResources(IEnumerable<JsonElement> classes)
    {
        foreach (var @class in classes.OrderByDescending(static c => c.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).ThenBy(static c => c.Text("metadata", "name"), StringComparer.Ordinal))
        {
            var name = @class.Text("metadata", "name");
            _classes.TryAdd(Implicit + name, name);
            if (@class.Text("spec", "extendedResourceName") is { Length: > 0 } resource) _classes.TryAdd(resource, name);
        }
    }

    /// <summary>The class that stands for a resource; null when there is none.</summary>
    public string? ClassOf(string resource) => _classes.GetValueOrDefault(resource);

    /// <summary>The claim that stands for a pod's extended resources on a node.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">The node.</param>
    /// <returns>The spec, and which request is for which container; null where the node's own resources will do.</returns>
    public (JsonElement Spec, ImmutableArray<(string Container, string Resource, string Request)> Mappings)? ClaimFor(PodState pod, NodeState node)
    {
        var requests = new JsonArray();
        var mappings = ImmutableArray.CreateBuilder<(string, string, string)>();
        var (before, number) = (-1, 0);
        foreach (var (container, name, resource, count) in pod.ExtendedByContainer())
        {
            number = container == before ? number + 1 : 0;
            before = container;
            if (count == 0 || node.Facts.Allocatable[resource] > 0 || ClassOf(resource) is not { } @class) continue;
            var request = FormattableString.Invariant($"container-{container}-request-{number}");
            requests.Add((JsonNode)new JsonObject { ["name"] = request, ["exactly"] = new JsonObject { ["deviceClassName"] = @class, ["allocationMode"] = "ExactCount", ["count"] = count } });
            mappings.Add((name, resource, request));
        }

        if (requests.Count == 0) return null;
        using var document = JsonDocument.Parse(new JsonObject { ["devices"] = new JsonObject { ["requests"] = requests } }.ToJsonString());
        return (document.RootElement.Clone(), mappings.ToImmutable());
    }
}
