using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Kubernetes.Objects;

/// <summary>An object of any kind as a cache keeps it: immutable, and without `managedFields`, which nobody reads and which are half of it.</summary>
/// <param name="Json">The object.</param>
[JsonConverter(typeof(CachedObjectConverter))]
public sealed record CachedObject(JsonElement Json)
{
    /// <summary>Which object, and which version of it.</summary>
    public ObjectIdentity Identity { get; } = new(
        new NamespacedName(Meta(Json, "namespace") ?? "", Meta(Json, "name") ?? ""), Meta(Json, "uid") ?? "", Meta(Json, "resourceVersion") ?? "");

    /// <summary>A label.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Its value, or <see langword="null"/>.</returns>
    public string? Label(string key) =>
        Json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var labels)
        && labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>Whether an object of this identity owns it.</summary>
    /// <param name="uid">The owner's uid.</param>
    /// <returns>Whether it does.</returns>
    public bool IsOwnedBy(string? uid) =>
        Json.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("ownerReferences", out var owners)
        && owners.ValueKind == JsonValueKind.Array && owners.EnumerateArray().Any(o => o.TryGetProperty("uid", out var u) && u.ValueEquals(uid));

    /// <summary>Whether its removal was asked for.</summary>
    public bool IsDeleting => Meta(Json, "deletionTimestamp") is not null;

    private static string? Meta(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

internal sealed class CachedObjectConverter : JsonConverter<CachedObject>
{
    public override CachedObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var whole = JsonDocument.ParseValue(ref reader);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer)) WriteWithoutManagedFields(writer, whole.RootElement);
        using var slim = JsonDocument.Parse(buffer.WrittenMemory);
        // The clone holds just its own bytes; the documents' pooled ones go back.
        return new CachedObject(slim.RootElement.Clone());
    }

    public override void Write(Utf8JsonWriter writer, CachedObject value, JsonSerializerOptions options) => value.Json.WriteTo(writer);

    private static void WriteWithoutManagedFields(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new JsonException("A Kubernetes object is a JSON object.");
        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            if (!property.NameEquals("metadata"u8) || property.Value.ValueKind != JsonValueKind.Object)
            {
                property.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject("metadata"u8);
            foreach (var inner in property.Value.EnumerateObject().Where(p => !p.NameEquals("managedFields"u8))) inner.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
