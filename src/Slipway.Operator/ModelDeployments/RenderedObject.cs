using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>An object of a deployment: as it is rendered, and how what is there differs.</summary>
/// <param name="Wanted">As it is rendered.</param>
/// <param name="IsThere">Whether there is one.</param>
/// <param name="Differences">Fields that differ; what others add, or the server, is no difference.</param>
public sealed record RenderedObject(JsonObject Wanted, bool IsThere, IReadOnlyList<FieldDifference> Differences)
{
    internal static RenderedObject Of(JsonObject wanted, ImmutableDictionary<ObjectId, CachedObject> observed)
    {
        var shown = wanted.DeepClone().AsObject();
        var annotations = shown["metadata"]?["annotations"] as JsonObject;
        annotations?.Remove(ObjectDiff.RenderedAnnotation);
        if (annotations is { Count: 0 }) shown["metadata"]!.AsObject().Remove("annotations");
        return observed.TryGetValue(new ObjectId((string)wanted["kind"]!, (string)wanted["metadata"]!["name"]!), out var there)
            ? new RenderedObject(shown, true, FieldDifference.Between(there.Json, shown))
            : new RenderedObject(shown, false, []);
    }
}

/// <summary>A field that is not as it was rendered.</summary>
/// <param name="Path">Where, as `spec.replicas` or `spec.containers[0].image`.</param>
/// <param name="Wanted">What was rendered, as JSON.</param>
/// <param name="Is">What is there, as JSON; null where it is not.</param>
public sealed record FieldDifference(string Path, string Wanted, string? Is)
{
    /// <summary>The differences of an object, field by field.</summary>
    /// <param name="there">What is there.</param>
    /// <param name="wanted">What was rendered.</param>
    public static IReadOnlyList<FieldDifference> Between(JsonElement there, JsonObject wanted) => [.. Of("", there, wanted)];

    private static IEnumerable<FieldDifference> Of(string path, JsonElement there, JsonNode? wanted)
    {
        if (ObjectDiff.Covers(there, wanted)) yield break;
        if (wanted is JsonObject fields && there.ValueKind is JsonValueKind.Object)
        {
            foreach (var (name, value) in fields)
            {
                var at = path.Length == 0 ? name : $"{path}.{name}";
                if (there.TryGetProperty(name, out var field))
                    foreach (var difference in Of(at, field, value)) yield return difference;
                else if (!ObjectDiff.IsEmpty(value)) yield return new FieldDifference(at, value!.ToJsonString(), null);
            }
        }
        else if (wanted is JsonArray items && there.ValueKind is JsonValueKind.Array && items.Count == there.GetArrayLength())
        {
            for (var i = 0; i < items.Count; i++)
                foreach (var difference in Of($"{path}[{i}]", there[i], items[i])) yield return difference;
        }
        else
        {
            yield return new FieldDifference(path, wanted?.ToJsonString() ?? "null", there.GetRawText());
        }
    }
}
