using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>What makes a schema structural, without which pruning and apply could not work (KEP-1002).</summary>
internal static class StructuralRules
{
    private const int MaxDepth = 128;
    private const int MaxFaults = 200;

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>Lists the faults of a schema in the order of their texts, as upstream sorts them.</summary>
    public static List<FieldError> Validate(JsonMap schema, string path)
    {
        var errors = new List<FieldError>();
        Check(schema, path, Level.Root, 0, errors);
        CompletenessRules.Validate(schema, schema, path, path, errors);
        errors.Sort((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        return errors;
    }

    private static void Check(JsonMap schema, string path, Level level, int depth, List<FieldError> errors)
    {
        if (errors.Count > MaxFaults) return;
        if (depth > MaxDepth)
        {
            errors.Add(new FieldError("FieldValueInvalid", path, "Invalid value: the schema is nested too deeply"));
            return;
        }

        if (schema.Text("type") == "array" && schema.Map("items") is null) errors.Add(FieldError.Required(path + ".items", "must be specified"));
        if (schema.Map("items") is { } items) Check(items, path + ".items", Level.Item, depth + 1, errors);
        foreach (var (name, member) in schema.Map("properties") ?? [])
            if (member is JsonMap property && !(level is Level.Root && name == "metadata")) Check(property, $"{path}.properties[{name}]", Level.Field, depth + 1, errors);
        if (schema.TryGetValue("additionalProperties", out var additional) && additional is not null)
        {
            if (level is Level.Root) errors.Add(FieldError.Forbidden(path + ".additionalProperties", "must not be used at the root"));
            if (additional is JsonMap values) Check(values, path + ".additionalProperties", Level.Field, depth + 1, errors);
        }

        Extensions(schema, path, errors);
        NestedRules.Validate(schema, path, errors);
        Types(schema, path, level, errors);
        Resource(schema, path, level, errors);
    }

    private static void Extensions(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.At("x-kubernetes-int-or-string") is not true) return;
        foreach (var name in (string[])["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"])
            if (schema.At(name) is true) errors.Add(FieldError.Invalid($"{path}.{name}", true, "must be false if x-kubernetes-int-or-string is true"));
    }

    private static void Types(JsonMap schema, string path, Level level, List<FieldError> errors)
    {
        var type = schema.Text("type") ?? "";
        var where = path + ".type";
        if (schema.At("x-kubernetes-embedded-resource") is true && type != "object")
        {
            const string Why = "must be object if x-kubernetes-embedded-resource is true";
            errors.Add(type.Length == 0 ? FieldError.Required(where, Why) : FieldError.Invalid(where, type, Why));
        }
        else if (type.Length == 0 && schema.At("x-kubernetes-int-or-string") is not true && schema.At("x-kubernetes-preserve-unknown-fields") is not true)
        {
            errors.Add(FieldError.Required(where, level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            }));
        }

        if (level is Level.Root && type.Length > 0 && type != "object") errors.Add(FieldError.Invalid(where, type, "must be object at the root"));
    }

    private static void Resource(JsonMap schema, string path, Level level, List<FieldError> errors)
    {
        var isEmbedded = schema.At("x-kubernetes-embedded-resource") is true;
        var properties = schema.Map("properties") ?? [];
        if (isEmbedded && schema.ContainsKey("additionalProperties"))
            errors.Add(FieldError.Forbidden(path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set"));
        if (isEmbedded && properties.Count == 0 && schema.At("x-kubernetes-preserve-unknown-fields") is not true)
            errors.Add(FieldError.Required(path + ".properties",
                "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        if (!isEmbedded && level is not Level.Root) return;
        foreach (var (name, type) in ((string, string)[])[("kind", "string"), ("apiVersion", "string"), ("metadata", "object")])
            if (properties.Map(name) is { } property && (property.Text("type") ?? "") is var given && given != type)
                errors.Add(FieldError.Invalid($"{path}.properties[{name}].type", given, $"must be {type}"));
        if (level is Level.Root && properties.Map("metadata") is { } metadata && metadata.Any(m => !IsNameBound(m)))
            errors.Add(FieldError.Forbidden(path + ".properties[metadata]",
                "must not specify anything other than name and generateName, but metadata is implicitly specified"));
    }

    /// <summary>Of metadata, a schema may bound the name and say what it says anyway; defaults are refused elsewhere.</summary>
    private static bool IsNameBound(KeyValuePair<string, object?> member) => member.Key switch
    {
        "type" or "default" => true,
        "properties" => member.Value is JsonMap map && map.Keys.All(k => k is "name" or "generateName"),
        _ => member.Value is null or false or "" or JsonList { Count: 0 } or JsonMap { Count: 0 },
    };
}
