using System.Globalization;
using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>The type that rules see, and how few bytes of JSON a value of it can take.</summary>
internal sealed record RuleType(CelType Type, long MinBytes);

/// <summary>
/// Declares the values of a structural schema to rules, with sizes from maxLength, maxItems and maxProperties or, without these, from
/// what fits a request. Which rules are too expensive follows from the numbers, so they are those of k8s.io/apiserver, pkg/cel/common.
/// </summary>
internal sealed class RuleTypes
{
    /// <summary>The most bytes of a request that upstream's estimates reckon with.</summary>
    public const long MaxRequest = 3 * 1024 * 1024;

    private const long TimeLength = 32;
    private const long DateLength = 12;

    private static readonly RuleType s_text = new(CelType.String.WithMaxSize(MaxRequest - 2), 2);

    private static readonly RuleType s_metadata = new(Object("objectMeta", ("name", s_text), ("generateName", s_text)), 2);

    private readonly Dictionary<Schema, RuleType?> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets the type of a schema's values; null when rules do not see them.</summary>
    public RuleType? Of(Schema schema) => Of(schema, string.Create(CultureInfo.InvariantCulture, $"selfType{_known.Count}"));

    private RuleType? Of(Schema schema, string name)
    {
        if (_known.TryGetValue(schema, out var known)) return known;
        return _known[schema] = schema.IntOrString ? new(CelType.Dyn.WithMaxSize(Length(schema, MaxRequest - 2)), 1) : schema.Type switch
        {
            "array" => List(schema, name),
            "object" => Map(schema, name),
            "string" => Text(schema),
            "boolean" => new(CelType.Bool, 4),
            "number" => new(CelType.Double, 1),
            "integer" => new(CelType.Int, 1),
            _ => null,
        };
    }

    // A character is up to four bytes, and bytes are what requests are bounded by.
    private static long Length(Schema schema, long otherwise) => schema.Checks?.MaxLength is { } length ? Math.Max(0, length) * 4 : otherwise;

    private RuleType? List(Schema schema, string name)
    {
        if (schema.Items is null || Of(schema.Items, name + ".@idx") is not { } items) return null;
        var most = schema.Checks?.MaxItems is { } limit ? Math.Max(0, limit) : (MaxRequest - 2) / (items.MinBytes + 1);
        return new(CelType.List(items.Type).WithMaxSize(most), 2);
    }

    private RuleType? Map(Schema schema, string name)
    {
        var isResource = schema.IsResourceRoot || schema.EmbeddedResource;
        if (schema.AdditionalProperties is { } additional && !ReferenceEquals(additional, Schema.Anything))
        {
            if (Of(additional, name + ".@elem") is not { } values) return null;
            var most = schema.Checks?.MaxProperties is { } limit ? Math.Max(0, limit) : (MaxRequest - 2) / (values.MinBytes + 6);
            return new(CelType.Map(CelType.String, values.Type).WithMaxSize(most), 2);
        }

        var fields = new Dictionary<string, CelType>(StringComparer.Ordinal);
        long bytes = 2;
        foreach (var (property, inner) in schema.Properties)
        {
            if ((isResource ? OfResource(schema, property, name) : Of(inner, $"{name}.{property}")) is not { } type) continue;
            if (PropertyNames.Escape(property) is { } escaped) fields[escaped] = type.Type;
            // A keyword may stand after a dot as it is; its size is not known by that name.
            if (PropertyNames.IsKeyword(property)) fields[property] = type.Type.WithMaxSize(long.MaxValue);
            if (!inner.HasDefault && schema.Required.Contains(property, StringComparer.Ordinal)) bytes += property.Length + type.MinBytes + 4;
        }

        if (isResource)
        {
            fields.TryAdd("apiVersion", s_text.Type);
            fields.TryAdd("kind", s_text.Type);
            fields.TryAdd("metadata", Metadata(schema, name).Type);
        }

        return new(CelType.Object(name, fields), bytes);
    }

    /// <summary>Of a resource's metadata, rules see the name and the prefix of the name, with the bounds that the schema gives them.</summary>
    private RuleType? OfResource(Schema schema, string property, string name)
    {
        if (property is "apiVersion" or "kind") return s_text;
        return property == "metadata" ? Metadata(schema, name) : Of(schema.Properties[property], $"{name}.{property}");
    }

    private RuleType Metadata(Schema schema, string name)
    {
        var metadata = RuleValues.MetadataOf(schema);
        return ReferenceEquals(metadata, RuleValues.Metadata) ? s_metadata : Of(metadata, name + ".metadata") ?? s_metadata;
    }

    private static RuleType Text(Schema schema) => schema.Format switch
    {
        "byte" => new(CelType.Bytes.WithMaxSize(Math.Max(0, schema.Checks?.MaxLength ?? MaxRequest - 2)), 2),
        "duration" => new(CelType.Duration.WithMaxSize(TimeLength), 3),
        "date" => new(CelType.Timestamp.WithMaxSize(DateLength), DateLength),
        "date-time" => new(CelType.Timestamp.WithMaxSize(TimeLength), 21),
        _ => new(CelType.String.WithMaxSize(Length(schema, Longest(schema) ?? MaxRequest - 2)), 2),
    };

    private static long? Longest(Schema schema) =>
        schema.Checks?.Enum is { Count: > 0 } allowed ? allowed.Strings().Select(s => (long)System.Text.Encoding.UTF8.GetByteCount(s)).DefaultIfEmpty().Max() : null;

    private static CelType Object(string name, params (string Name, RuleType Type)[] fields) =>
        CelType.Object(name, fields.ToDictionary(f => f.Name, f => f.Type.Type, StringComparer.Ordinal));
}
