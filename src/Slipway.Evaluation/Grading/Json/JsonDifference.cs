using System.Text.Json;

namespace Slipway.Evaluation.Grading.Json;

/// <summary>Where JSON is not what is expected.</summary>
internal static class JsonDifference
{
    /// <summary>The first difference, with its place; null when there is none.</summary>
    /// <param name="expected">What is expected.</param>
    /// <param name="found">What is there.</param>
    /// <param name="subset">Whether objects may have more properties than those expected. Lists have to be of one length.</param>
    /// <param name="at">The place so far.</param>
    public static string? Find(JsonElement expected, JsonElement found, bool subset, string at = "")
    {
        switch (expected.ValueKind, found.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var property in expected.EnumerateObject())
                {
                    if (!found.TryGetProperty(property.Name, out var value)) return $"{JsonSchema.Place($"{at}.{property.Name}")} is missing";
                    if (Find(property.Value, value, subset, $"{at}.{property.Name}") is { } deeper) return deeper;
                }

                var extra = subset ? null : found.EnumerateObject().Select(static p => p.Name).FirstOrDefault(n => !expected.TryGetProperty(n, out _));
                return extra is null ? null : $"{JsonSchema.Place($"{at}.{extra}")} is not expected";
            case (JsonValueKind.Array, JsonValueKind.Array) when expected.GetArrayLength() != found.GetArrayLength():
                return $"{JsonSchema.Place(at)} has {found.GetArrayLength()} items, not {expected.GetArrayLength()}";
            case (JsonValueKind.Array, JsonValueKind.Array):
                return expected.EnumerateArray().Zip(found.EnumerateArray()).Select((p, i) => Find(p.First, p.Second, subset, $"{at}[{i}]")).FirstOrDefault(static d => d is not null);
            default:
                return JsonElement.DeepEquals(expected, found) ? null : $"{JsonSchema.Place(at)} is {Quote.One(found.GetRawText())}, not {Quote.One(expected.GetRawText())}";
        }
    }
}
