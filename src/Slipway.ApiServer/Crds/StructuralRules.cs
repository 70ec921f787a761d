using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds;

/// <summary>What makes a schema structural, without which pruning and apply could not work (KEP-1002).</summary>
internal static class StructuralRules
{
    private const int MaxDepth = 128;

    private static readonly string[] s_notAllowed = ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "deprecated", "discriminator", "readOnly", "writeOnly", "xml", "id"];

    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal) { "object", "array", "string", "integer", "number", "boolean" };

    public static void Validate(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.Text("type") != "object" && schema.ContainsKey("type"))
            errors.Add(FieldError.Invalid(path + ".type", schema.Text("type"), "must be object at the root"));
        else if (!schema.ContainsKey("type")) errors.Add(FieldError.Required(path + ".type", "must not be empty at the root"));
        Level(schema, path, errors, 0, root: true);
    }

    private static void Level(JsonMap schema, string path, List<FieldError> errors, int depth, bool root = false)
    {
        if (depth > MaxDepth || errors.Count > 50)
        {
            if (depth > MaxDepth) errors.Add(FieldError.Invalid(path, null, "the schema is nested too deeply"));
            return;
        }

        var type = schema.Text("type") ?? "";
        var loose = schema.At("x-kubernetes-int-or-string") is true || schema.At("x-kubernetes-preserve-unknown-fields") is true;
        if (type.Length == 0 && !loose && !root) errors.Add(FieldError.Required(path + ".type", "must not be empty for specified object fields"));
        if (type.Length > 0 && !s_types.Contains(type)) errors.Add(FieldError.NotSupported(path + ".type", type, s_types.Order(StringComparer.Ordinal)));
        foreach (var name in s_notAllowed)
            if (schema.TryGetValue(name, out var given) && given is not (null or false or "")) errors.Add(FieldError.Forbidden($"{path}.{name}", $"{name} is not supported"));
        if (type == "array" && schema.Map("items") is null)
            errors.Add(FieldError.Required(path + ".items", "must be specified"));
        if (schema.At("uniqueItems") is true)
            errors.Add(FieldError.Forbidden(path + ".uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        if (schema.Map("properties") is { Count: > 0 } && schema.TryGetValue("additionalProperties", out var any) && any is not (null or false))
            errors.Add(FieldError.Forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive"));
        Lists(schema, type, path, errors);
        Pattern(schema, path, errors);
        foreach (var (name, member) in schema.Map("properties") ?? [])
            if (member is JsonMap property) Level(property, $"{path}.properties[{name}]", errors, depth + 1);
        if (schema.Map("items") is { } items) Level(items, path + ".items", errors, depth + 1);
        if (schema.Map("additionalProperties") is { } additional) Level(additional, path + ".additionalProperties", errors, depth + 1);
    }

    private static void Lists(JsonMap schema, string type, string path, List<FieldError> errors)
    {
        var list = schema.Text("x-kubernetes-list-type");
        var keys = schema.List("x-kubernetes-list-map-keys");
        if (list is not null && type != "array")
            errors.Add(FieldError.Invalid(path + ".type", type, "must be array if x-kubernetes-list-type is specified"));
        if (list is not (null or "atomic" or "set" or "map"))
            errors.Add(FieldError.NotSupported(path + ".x-kubernetes-list-type", list, ["atomic", "set", "map"]));
        if (list == "map" && keys is not { Count: > 0 })
            errors.Add(FieldError.Required(path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map"));
        if (list != "map" && keys is { Count: > 0 })
            errors.Add(FieldError.Invalid(path + ".x-kubernetes-list-type", list, "must be map if x-kubernetes-list-map-keys is non-empty"));
        if (list != "map") return;
        var properties = schema.Map("items", "properties");
        foreach (var key in keys?.Strings() ?? [])
            if (properties?.ContainsKey(key) != true)
                errors.Add(FieldError.Invalid(path + ".x-kubernetes-list-map-keys", key, "entries must all be names of item properties"));
    }

    private static void Pattern(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.Text("pattern") is not { } pattern) return;
        try
        {
            _ = new System.Text.RegularExpressions.Regex(pattern, default, TimeSpan.FromMilliseconds(250));
        }
        catch (ArgumentException)
        {
            errors.Add(FieldError.Invalid(path + ".pattern", pattern, "must be a valid regular expression"));
        }
    }
}
