using System.Text.Json;

namespace Slipway.Capacity.Inventory.Kubernetes;

/// <summary>Reads what an inventory has to know from a Node of Kubernetes (<c>v1</c>).</summary>
public static class NodeReader
{
    /// <summary>Reads a node.</summary>
    /// <param name="node">The object.</param>
    /// <returns>The facts; null when the object has no name.</returns>
    public static NodeFacts? Read(JsonElement node)
    {
        var name = node.Text("metadata", "name");
        if (name.Length == 0) return null;
        var spec = node.At("spec");
        return new NodeFacts
        {
            Name = name,
            Labels = node.Labels(),
            Capacity = node.At("status", "capacity").Amounts(),
            Allocatable = node.At("status", "allocatable").Amounts(),
            Taints = [.. spec.Items("taints").Select(static t => new Taint(t.Text("key"), t.Text("value"), t.Text("effect"))).Where(static t => t.Effect is "NoSchedule" or "NoExecute")],
            Cordoned = spec.At("unschedulable").ValueKind == JsonValueKind.True,
            NotReady = NotReady(node),
            ProviderId = spec.Text("providerID"),
        };
    }

    private static string? NotReady(JsonElement node)
    {
        foreach (var condition in node.At("status").Items("conditions"))
        {
            if (condition.Text("type") != "Ready") continue;
            if (condition.Text("status") == "True") return null;
            var message = condition.Text("message");
            return message.Length > 0 ? message : condition.Text("reason") is { Length: > 0 } reason ? reason : "the node says no more";
        }

        return "the node has not reported yet";
    }
}
