using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Schemas.Rules;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>A default is a value that its schema admits, with no field that the schema would drop.</summary>
internal static class DefaultRules
{
    public static void Validate(Schema schema, string path, List<FieldError> errors)
    {
        if (schema is { HasDefault: true, Default: not null }) Own(schema, path + ".default", errors);
        if (schema.Items is { } items) Validate(items, path + ".items", errors);
        foreach (var (name, property) in schema.Properties)
            if (!(schema.IsResourceRoot && name is "metadata" or "kind" or "apiVersion")) Validate(property, $"{path}.properties[{name}]", errors);
    }

    private static void Own(Schema schema, string path, List<FieldError> errors)
    {
        var value = JsonValues.Copy(schema.Default);
        var dropped = new List<string>();
        if (value is JsonMap map) Pruner.Prune(map, schema, dropped);
        else if (value is JsonList list && schema.Items is { } items)
            foreach (var item in list.Maps()) Pruner.Prune(item, items, dropped);
        if (dropped.Count > 0) errors.Add(FieldError.Invalid(path, schema.Default, "must not have unknown fields"));
        var faults = Validator.Branch(schema.Default, schema, path);
        if (faults.Count == 0 && schema.HasRulesBelow) RuleCheck.Default(schema.Default, schema, path, faults);
        errors.AddRange(faults);
    }
}
