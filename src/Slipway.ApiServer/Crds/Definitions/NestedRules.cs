using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>What may stand below allOf, anyOf, oneOf and not: checks of values, nothing that gives them structure.</summary>
internal static class NestedRules
{
    private static readonly (string Name, string Fault)[] s_forbidden =
    [
        ("type", "must be empty to be structural"), ("additionalProperties", "must be undefined to be structural"),
        ("default", "must be undefined to be structural"), ("title", "must be empty to be structural"),
        ("description", "must be empty to be structural"), ("nullable", "must be false to be structural"),
        ("x-kubernetes-preserve-unknown-fields", "must be false to be structural"), ("x-kubernetes-embedded-resource", "must be false to be structural"),
        ("x-kubernetes-int-or-string", "must be false to be structural"), ("x-kubernetes-list-map-keys", "must be empty to be structural"),
        ("x-kubernetes-list-type", "must be undefined to be structural"), ("x-kubernetes-map-type", "must be undefined to be structural"),
        ("x-kubernetes-validations", "must be empty to be structural"),
    ];

    /// <summary>Checks the value checks of one place of the structure.</summary>
    public static void Validate(JsonMap schema, string path, List<FieldError> errors)
    {
        var all = schema.List("allOf");
        Values(schema, path, IsIntOrString(schema.List("anyOf")), all is [JsonMap first, ..] && IsIntOrString(first.List("anyOf")), errors);
    }

    // How int-or-string was written before it had an extension.
    private static bool IsIntOrString(JsonList? any) =>
        any is [JsonMap { Count: 1 } a, JsonMap { Count: 1 } b] && a.Text("type") == "integer" && b.Text("type") == "string";

    private static void Values(JsonMap schema, string path, bool skipAny, bool skipFirstOfAll, List<FieldError> errors)
    {
        foreach (var name in (string[])["anyOf", "allOf", "oneOf"])
        {
            if (skipAny && name == "anyOf") continue;
            var branches = schema.List(name);
            for (var i = 0; i < (branches?.Count ?? 0); i++)
                if (branches![i] is JsonMap branch) Nested(branch, $"{path}.{name}[{i}]", skipFirstOfAll && name == "allOf" && i == 0, errors);
        }

        if (schema.Map("not") is { } not) Nested(not, path + ".not", skipAny: false, errors);
        if (schema.Text("pattern") is { Length: > 0 } pattern && CelPattern.Fault(pattern) is { } fault)
            errors.Add(FieldError.Invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + fault));
    }

    private static void Nested(JsonMap schema, string path, bool skipAny, List<FieldError> errors)
    {
        Values(schema, path, skipAny, skipFirstOfAll: false, errors);
        if (schema.Map("items") is { } items) Nested(items, path + ".items", skipAny: false, errors);
        foreach (var (name, member) in schema.Map("properties") ?? [])
            if (member is JsonMap property) Nested(property, $"{path}.properties[{name}]", skipAny: false, errors);
        foreach (var (name, fault) in s_forbidden)
            if (schema.TryGetValue(name, out var given) && given is not (null or false or "" or JsonList { Count: 0 })) errors.Add(FieldError.Forbidden($"{path}.{name}", fault));
        if (schema.Map("properties")?.ContainsKey("metadata") == true)
            errors.Add(FieldError.Forbidden(path + ".properties[metadata]", "must not be specified in a nested context"));
    }
}

/// <summary>Whatever is checked below a junctor is declared in the structure, too.</summary>
internal static class CompletenessRules
{
    public static void Validate(JsonMap nested, JsonMap? structure, string place, string path, List<FieldError> errors)
    {
        if (nested.Map("not") is { } not) Nested(not, structure, place, path + ".not", errors);
        foreach (var name in (string[])["allOf", "anyOf", "oneOf"])
        {
            var branches = nested.List(name);
            for (var i = 0; i < (branches?.Count ?? 0); i++)
                if (branches![i] is JsonMap branch) Nested(branch, structure, place, $"{path}.{name}[{i}]", errors);
        }
    }

    private static void Nested(JsonMap nested, JsonMap? structure, string place, string path, List<FieldError> errors)
    {
        if (structure is null)
        {
            errors.Add(FieldError.Required(place, "because it is defined in " + path));
            return;
        }

        Validate(nested, structure, place, path, errors);
        if (nested.Map("items") is { } items) Nested(items, structure.Map("items"), place + ".items", path + ".items", errors);
        foreach (var (name, member) in nested.Map("properties") ?? [])
            if (member is JsonMap property)
                Nested(property, structure.Map("properties")?.Map(name), $"{place}.properties[{name}]", $"{path}.properties[{name}]", errors);
    }
}
