using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Api.Meta;

namespace Slipway.Api.Schemas;

/// <summary>Writes structural OpenAPI v3 schemas (Kubernetes API conventions) from JSON contracts.</summary>
internal sealed class SchemaWriter(XmlDocs docs)
{
    public JsonObject Root(JsonTypeInfo contract)
    {
        var schema = Object(contract);
        var properties = schema["properties"]!.AsObject();
        // The server owns the shape of metadata; a structural schema may not restate it.
        properties["metadata"] = new JsonObject { ["type"] = "object" };
        return schema;
    }

    private JsonObject Object(JsonTypeInfo contract)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in contract.Properties)
        {
            if (property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) == true) continue;
            properties[property.Name] = Property(property, contract.Options);
            if (property.IsRequired) required.Add(property.Name);
        }

        var schema = new JsonObject { ["type"] = "object" };
        if (docs.Of(contract.Type) is { } text) schema["description"] = text;
        if (required.Count > 0) schema["required"] = required;
        schema["properties"] = properties;
        var rules = contract.Type.GetCustomAttributes<SchemaRuleAttribute>().Select(r => new JsonObject { ["message"] = r.Message, ["rule"] = r.Rule }).ToArray<JsonNode>();
        if (rules.Length > 0) schema["x-kubernetes-validations"] = new JsonArray(rules);
        return schema;
    }

    private JsonObject Property(JsonPropertyInfo property, JsonSerializerOptions options)
    {
        var schema = Type(property.PropertyType, options);
        var member = (MemberInfo)property.AttributeProvider!;
        if (docs.Of(member) is { } text)
        {
            schema.Remove("description");
            schema.Insert(0, "description", text);
        }

        if (member.GetCustomAttribute<SchemaDefaultAttribute>() is { } preset) schema["default"] = Value(preset.Value);
        if (member.GetCustomAttribute<RangeAttribute>() is { } range) Bounds(schema, range);
        if (member.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern) schema["pattern"] = pattern.Pattern;
        if (member.GetCustomAttribute<MinLengthAttribute>() is { } shortest) schema["minLength"] = shortest.Length;
        if (member.GetCustomAttribute<MaxLengthAttribute>() is { } longest)
            schema[(string?)schema["type"] == "array" ? "maxItems" : "maxLength"] = longest.Length;
        if (member.GetCustomAttribute<ListMapAttribute>() is { } listMap)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new JsonArray(listMap.Key);
        }

        if (member.IsDefined(typeof(AtomicMapAttribute))) schema["x-kubernetes-map-type"] = "atomic";
        if (member.IsDefined(typeof(PreserveUnknownFieldsAttribute))) (schema["items"] ?? schema)["x-kubernetes-preserve-unknown-fields"] = true;
        return schema;
    }

    private JsonObject Type(Type declared, JsonSerializerOptions options)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string)) return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int)) return new JsonObject { ["type"] = "integer", ["format"] = "int32" };
        if (type == typeof(long)) return new JsonObject { ["type"] = "integer", ["format"] = "int64" };
        if (type == typeof(double)) return new JsonObject { ["type"] = "number", ["format"] = "double" };
        if (type == typeof(DateTimeOffset)) return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(JsonElement)) return new JsonObject { ["type"] = "object" };
        if (type == typeof(Quantity))
        {
            return new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                ["pattern"] = Quantity.Pattern,
                ["x-kubernetes-int-or-string"] = true,
            };
        }

        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>().Select(Value)]) };

        var contract = options.GetTypeInfo(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => Object(contract),
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Type(contract.ElementType!, options) },
            JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Type(contract.ElementType!, options) },
            _ => throw new NotSupportedException($"No schema for {type}."),
        };
    }

    private static JsonNode Value(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        Enum member => JsonValue.Create(
            member.GetType().GetField(member.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? member.ToString()),
        _ => throw new NotSupportedException($"No JSON for a default of {value.GetType()}."),
    };

    private static void Bounds(JsonObject schema, RangeAttribute range)
    {
        var (least, most) = (Convert.ToDouble(range.Minimum), Convert.ToDouble(range.Maximum));
        schema["minimum"] = Number(least);
        // The largest number of the format is no bound of ours.
        if (most < int.MaxValue) schema["maximum"] = Number(most);

        static JsonNode Number(double bound) => bound == Math.Floor(bound) ? JsonValue.Create((long)bound) : JsonValue.Create(bound);
    }
}
