using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>Which objects a LabelSelector chooses.</summary>
internal static class LabelSelector
{
    /// <summary>Whether one of these labels is chosen; an absent selector chooses none, an empty one all.</summary>
    public static bool Chooses(JsonElement selector, IReadOnlyDictionary<string, string> labels)
    {
        if (selector.ValueKind is not JsonValueKind.Object) return false;
        if (selector.At("matchLabels") is { ValueKind: JsonValueKind.Object } wanted && wanted.EnumerateObject().Any(l => labels.GetValueOrDefault(l.Name) != l.Value.Text())) return false;
        return selector.Items("matchExpressions").All(e =>
        {
            var value = labels.GetValueOrDefault(e.Text("key"));
            return e.Text("operator") switch
            {
                "In" => value is not null && e.Items("values").Any(v => v.Text() == value),
                "NotIn" => value is null || !e.Items("values").Any(v => v.Text() == value),
                "Exists" => value is not null,
                "DoesNotExist" => value is null,
                _ => false,
            };
        });
    }
}
