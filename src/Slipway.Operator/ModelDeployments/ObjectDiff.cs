using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Tells what must change for what is there to be what was rendered. Pure.</summary>
internal static class ObjectDiff
{
    /// <summary>Stands for all that was rendered: it differs as soon as a field is no longer rendered, which a look at the others would not tell.</summary>
    internal const string RenderedAnnotation = "slipway.dev/rendered";

    /// <summary>The changes, in the order in which to make them.</summary>
    /// <param name="rendered">What is wanted; marked with a digest in place.</param>
    /// <param name="observed">What is there and carries the deployment's name.</param>
    /// <param name="uid">The deployment's uid.</param>
    /// <returns>The changes; none when all is as it should be.</returns>
    public static IReadOnlyList<ObjectChange> Changes(
        IReadOnlyList<JsonObject> rendered, ImmutableDictionary<ObjectId, CachedObject> observed, string uid)
    {
        var changes = new List<ObjectChange>();
        var wanted = new HashSet<ObjectId>();
        foreach (var value in rendered)
        {
            var id = new ObjectId((string)value["kind"]!, (string)value["metadata"]!["name"]!);
            wanted.Add(id);
            Rendered.Annotate(value, RenderedAnnotation, Rendered.Digest(value.ToJsonString()));
            if (!observed.TryGetValue(id, out var there)) changes.Add(new ApplyObject(id.Kind, id.Name, value, IsNew: true));
            else if (there.IsDeleting) continue;
            else if (Identity(value) != Identity(there)) changes.Add(new DeleteObject(id.Kind, id.Name));
            else if (!Covers(there.Json, value)) changes.Add(new ApplyObject(id.Kind, id.Name, value, IsNew: false));
        }

        foreach (var (id, there) in observed.OrderBy(o => o.Key.Kind, StringComparer.Ordinal).ThenBy(o => o.Key.Name, StringComparer.Ordinal))
        {
            if (!wanted.Contains(id) && there.IsOwnedBy(uid) && !there.IsDeleting) changes.Add(new DeleteObject(id.Kind, id.Name));
        }

        return changes;
    }

    /// <summary>Whether an object has every field that is wanted, with the wanted value; fields of others do not matter.</summary>
    internal static bool Covers(JsonElement there, JsonNode? wanted)
    {
        switch (wanted)
        {
            case null:
                return there.ValueKind == JsonValueKind.Null;
            case JsonObject fields:
                if (there.ValueKind != JsonValueKind.Object) return false;
                foreach (var (name, value) in fields)
                {
                    if (there.TryGetProperty(name, out var field) ? !Covers(field, value) : !IsEmpty(value)) return false;
                }

                return true;
            case JsonArray items:
                return there.ValueKind == JsonValueKind.Array && there.GetArrayLength() >= items.Count && Items(there, items);
            default:
                return Same(there, wanted.AsValue());
        }
    }

    // Items may have been added by others (a sidecar, an owner): each of ours must still be there, in our order.
    private static bool Items(JsonElement there, JsonArray items)
    {
        var at = 0;
        foreach (var item in there.EnumerateArray())
        {
            if (at < items.Count && Covers(item, items[at])) at++;
        }

        return at == items.Count;
    }

    private static bool Same(JsonElement there, JsonValue wanted) => there.ValueKind switch
    {
        JsonValueKind.String => wanted.TryGetValue<string>(out var text) && there.ValueEquals(text),
        JsonValueKind.True => wanted.TryGetValue<bool>(out var yes) && yes,
        JsonValueKind.False => wanted.TryGetValue<bool>(out var no) && !no,
        JsonValueKind.Number => wanted.GetValueKind() == JsonValueKind.Number
            && there.TryGetDecimal(out var number) && decimal.TryParse(wanted.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var other) && number == other,
        _ => false,
    };

    // A server keeps no empty maps and lists of built-in kinds.
    internal static bool IsEmpty(JsonNode? value) => value is JsonObject { Count: 0 } or JsonArray { Count: 0 } or null;

    private static string? Identity(JsonObject value) => (string?)value["metadata"]?["annotations"]?[Rendered.IdentityAnnotation];

    private static string? Identity(CachedObject value) => value.Json.Text("metadata", "annotations", Rendered.IdentityAnnotation);
}
