using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>One schema of a definition as a whole.</summary>
internal static class VersionSchema
{
    // Of the root, since the schema of the status is taken out of it: what could otherwise say something of the status.
    private static readonly HashSet<string> s_besideStatus = new(StringComparer.Ordinal)
    {
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
        "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
    };

    private const string Beside = "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems " +
        "MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations";

    /// <param name="schema">The schema as written.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="hasStatus">Whether the status is a resource of its own.</param>
    /// <param name="isUnchanged">Whether the stored definition has the same: its rules were accepted.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void Validate(JsonMap schema, string path, bool hasStatus, bool isUnchanged, List<FieldError> errors)
    {
        var before = errors.Count;
        if (hasStatus) Status(schema, path, errors);
        if (schema.At("nullable") is true) errors.Add(FieldError.Forbidden(path + ".nullable", "nullable cannot be true at the root"));
        var structure = StructuralRules.Validate(schema, path);
        var compiled = structure.Count == 0 ? CrdReader.Root(schema) : null;
        if (compiled is not null && !isUnchanged) DefaultRules.Validate(compiled, path, structure);
        errors.AddRange(structure);
        var costs = structure.Count == 0 && !isUnchanged ? new RuleCosts() : null;
        var rules = new List<FieldError>();
        new SchemaRules(errors, rules, costs).Validate(schema, compiled, path);
        errors.AddRange(rules);
        costs?.Validate(path, errors);
        // One fault of one place shows once, whichever of the checks above found it.
        if (errors.Count - before > 1) Once(errors, before);
    }

    private static void Status(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.Text("type") is { } type and not "object")
            errors.Add(FieldError.Invalid(path + ".type", type, "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"));
        else if (schema.Any(m => m.Value is not (null or false or "" or JsonList { Count: 0 } or JsonMap { Count: 0 }) && !s_besideStatus.Contains(m.Key)))
            errors.Add(FieldError.Invalid(path, schema, $"only [{Beside}] fields are allowed at the root of the schema if the status subresource is enabled"));
    }

    private static void Once(List<FieldError> errors, int start)
    {
        var seen = new HashSet<FieldError>();
        for (var i = start; i < errors.Count;)
        {
            if (seen.Add(errors[i])) i++;
            else errors.RemoveAt(i);
        }
    }
}
