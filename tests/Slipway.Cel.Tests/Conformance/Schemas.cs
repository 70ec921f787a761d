using System.Text.Json;
using Slipway.Cel.Values;

namespace Slipway.Cel.Tests.Conformance;

/// <summary>The types and set lists that a line's OpenAPI schema of self declares.</summary>
internal static class Schemas
{
    public static CelType TypeOf(JsonElement schema, string name) => (Text(schema, "type"), Text(schema, "format")) switch
    {
        ("string", "date" or "date-time") => CelType.Timestamp,
        ("string", "duration") => CelType.Duration,
        ("string", _) => CelType.String,
        ("integer", _) => CelType.Int,
        ("number", _) => CelType.Double,
        ("boolean", _) => CelType.Bool,
        ("array", _) => CelType.List(TypeOf(schema.GetProperty("items"), $"{name}.@items")),
        ("object", _) when schema.TryGetProperty("properties", out var properties) =>
            CelType.Object(name, properties.EnumerateObject().ToDictionary(p => p.Name, p => TypeOf(p.Value, $"{name}.{p.Name}"))),
        ("object", _) when schema.TryGetProperty("additionalProperties", out var values) => CelType.Map(CelType.String, TypeOf(values, $"{name}.@values")),
        _ => CelType.Dyn,
    };

    public static CelValue Typed(CelValue value, JsonElement schema) => value switch
    {
        ListValue list when Text(schema, "x-kubernetes-list-type") == "set" => CelValue.FromSet(list.Items),
        MapValue map when schema.TryGetProperty("properties", out var properties) => new MapValue(map.Entries.ToDictionary(
            e => e.Key, e => properties.TryGetProperty(e.Key.ToString()!, out var property) ? Typed(e.Value, property) : e.Value)),
        _ => value,
    };

    private static string? Text(JsonElement schema, string name) => schema.TryGetProperty(name, out var text) ? text.GetString() : null;
}
