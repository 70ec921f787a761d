using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>Shows JSON to rules as its schema types it. Nothing is copied: objects and lists are read where they are.</summary>
internal static class RuleValues
{
    private static readonly Schema s_text = new() { Type = "string" };

    /// <summary>What rules see of any resource's metadata.</summary>
    public static readonly Schema Metadata = new()
    {
        Type = "object",
        Properties = new Dictionary<string, Schema>(StringComparer.Ordinal) { ["name"] = s_text, ["generateName"] = s_text },
    };

    /// <summary>Gets the schema of a resource's metadata: the declared one where it bounds both names, else the bare names.</summary>
    public static Schema MetadataOf(Schema resource)
    {
        var declared = resource.IsResourceRoot ? resource.DeclaredMetadata : resource.Properties.GetValueOrDefault("metadata");
        return declared is not null && declared.Properties.ContainsKey("name") && declared.Properties.ContainsKey("generateName") ? declared : Metadata;
    }

    public static CelValue Of(object? value, Schema schema)
    {
        if (value is null) return schema.Nullable || schema.Type.Length == 0 ? CelValue.Null : CelValue.Failure("invalid data, got null for schema with nullable=false");
        if (schema.IntOrString)
            return value switch
            {
                string text => CelValue.From(text),
                long number => CelValue.From(number),
                _ => CelValue.Failure("invalid data, expected XIntOrString value to be either a string or integer"),
            };
        return (schema.Type, value) switch
        {
            ("object", JsonMap map) => CelValue.From(new RuleMap(map, schema)),
            ("array", JsonList list) when schema.Items is not null =>
                CelValue.From(new RuleList(list, schema.Items), schema.ListKind is ListKind.Set, schema.ListKind is ListKind.Map ? schema.RuleKeys : null),
            ("string", string text) => Text(text, schema.Format),
            ("number", long number) => CelValue.From((double)number),
            ("number", double number) => CelValue.From(number),
            ("integer", long number) => CelValue.From(number),
            ("boolean", bool flag) => CelValue.From(flag),
            ("", _) => Plain(value),
            _ => CelValue.Failure($"invalid data, expected a value of type {schema.Type}"),
        };
    }

    /// <summary>Steps of a walk over a value.</summary>
    public static long Weight(object? value)
    {
        long sum = 1;
        switch (value)
        {
            case JsonMap map:
                foreach (var (name, member) in map) sum += 1 + name.Length / 10 + Weight(member);
                break;
            case JsonList list:
                foreach (var item in list) sum += Weight(item);
                break;
            case string text:
                sum += text.Length / 10;
                break;
        }

        return sum;
    }

    /// <summary>Data without a schema: rules cannot name it, and it takes part in equality.</summary>
    private static CelValue Plain(object value) => value switch
    {
        JsonMap map => CelValue.From(new RuleMap(map, RuleMap.Untyped)),
        JsonList list => CelValue.From(new RuleList(list, Schema.Anything)),
        string text => CelValue.From(text),
        long number => CelValue.From(number),
        double number => CelValue.From(number),
        bool flag => CelValue.From(flag),
        _ => CelValue.Null,
    };

    private static CelValue Text(string text, string format) => format switch
    {
        "byte" => Formats.Base64(text) ? CelValue.From(Convert.FromBase64String(text)) : CelValue.Failure($"Invalid byte formatted string {text}"),
        "duration" => CelValue.ParseDuration(text) ?? CelValue.Failure($"Invalid duration {text}"),
        "date" => CelValue.ParseTimestamp(text + "T00:00:00Z") ?? CelValue.Failure($"Invalid date formatted string {text}"),
        "date-time" => CelValue.ParseTimestamp(text) ?? CelValue.Failure($"Invalid date-time formatted string {text}"),
        _ => CelValue.From(text),
    };
}

/// <summary>An object or map under a schema.</summary>
internal sealed class RuleMap(JsonMap map, Schema schema) : ICelMap
{
    public static readonly Schema Untyped = new() { Type = "object", AdditionalProperties = Schema.Anything, PreserveUnknown = true };

    private readonly bool _isResource = schema.IsResourceRoot || schema.EmbeddedResource;
    private readonly bool _isObject = schema.Properties.Count > 0 || schema.IsResourceRoot || schema.EmbeddedResource;

    public int Count => map.Count;

    public long Weight => RuleValues.Weight(map);

    public IEnumerable<string> Keys
    {
        get
        {
            foreach (var (name, value) in map)
            {
                if (SchemaOf(name) is null || (_isObject && value is null)) continue;
                yield return _isObject ? PropertyNames.Escape(name) ?? name : name;
            }
        }
    }

    public CelValue? Find(string key)
    {
        var name = _isObject ? PropertyNames.Unescape(key) : key;
        if (name is null || !map.TryGetValue(name, out var value) || SchemaOf(name) is not { } inner) return null;
        // A null property is an absent one; a null value of a map is a value.
        return value is null && _isObject ? null : RuleValues.Of(value, inner);
    }

    public bool IsSameBeyondKeys(ICelMap other)
    {
        if (other is not RuleMap theirs) return true;
        foreach (var (name, value) in map)
            if (SchemaOf(name) is null && theirs.At(name, out var their) && !JsonValues.Same(value, their)) return false;
        return true;
    }

    private bool At(string name, out object? value) => map.TryGetValue(name, out value);

    private Schema? SchemaOf(string name)
    {
        if (_isResource && name == "metadata") return RuleValues.MetadataOf(schema);
        if (schema.Properties.TryGetValue(name, out var property)) return property;
        if (_isResource && name is "apiVersion" or "kind") return RuleValues.Metadata.Properties["name"];
        if (_isObject) return null;
        return ReferenceEquals(schema, Untyped) || !ReferenceEquals(schema.AdditionalProperties, Schema.Anything) ? schema.AdditionalProperties : null;
    }
}

/// <summary>A list under the schema of its items.</summary>
internal sealed class RuleList(JsonList list, Schema items) : ICelList
{
    public int Count => list.Count;

    public long Weight => RuleValues.Weight(list);

    public CelValue this[int index] => RuleValues.Of(list[index], items);
}
