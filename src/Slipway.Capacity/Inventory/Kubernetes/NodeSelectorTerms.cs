using System.Globalization;
using System.Text.Json;

namespace Slipway.Capacity.Inventory.Kubernetes;

/// <summary>Whether a node is what a NodeSelector (<c>v1</c>) asks for; claims, slices and pods all choose nodes by one.</summary>
/// <remarks>Terms are alternatives, what stands in one of them has to hold together, and a term without anything chooses no node (component-helpers nodeaffinity).</remarks>
internal static class NodeSelectorTerms
{
    /// <summary>Whether a node is one of those that a selector chooses.</summary>
    /// <param name="selector">The NodeSelector.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="labels">The node's labels.</param>
    public static bool Choose(JsonElement selector, string name, IReadOnlyDictionary<string, string> labels) => selector.Items("nodeSelectorTerms").Any(t => Holds(t, name, labels));

    /// <summary>Whether one term holds for a node.</summary>
    public static bool Holds(JsonElement term, string name, IReadOnlyDictionary<string, string> labels)
    {
        var any = false;
        foreach (var expression in term.Items("matchExpressions"))
        {
            any = true;
            if (!Holds(expression, labels.GetValueOrDefault(expression.Text("key")))) return false;
        }

        foreach (var field in term.Items("matchFields"))
        {
            any = true;
            if (!Holds(field, field.Text("key") is "metadata.name" ? name : null)) return false;
        }

        return any;
    }

    private static bool Holds(JsonElement requirement, string? value)
    {
        bool Named() => requirement.Items("values").Any(v => v.ValueKind is JsonValueKind.String && v.GetString() == value);
        return requirement.Text("operator") switch
        {
            "In" => value is not null && Named(),
            "NotIn" => value is null || !Named(),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "Gt" => Compare(requirement, value) > 0,
            "Lt" => Compare(requirement, value) < 0,
            _ => false,
        };
    }

    private static int? Compare(JsonElement requirement, string? value) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var have) && long.TryParse(requirement.Items("values").FirstOrDefault().Text(), CultureInfo.InvariantCulture, out var than) ? have.CompareTo(than) : null;
}
