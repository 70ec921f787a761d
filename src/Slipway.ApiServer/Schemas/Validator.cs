using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>Checks a value against its schema and words each fault as a real API server does.</summary>
internal sealed class Validator(List<FieldError> errors)
{
    /// <summary>Checks an object; of an update, what faults it already had where nothing changed does not count (KEP-4008).</summary>
    public static List<FieldError> Validate(JsonMap value, JsonMap? old, Schema schema, bool onlyStatus = false)
    {
        var errors = Run(value, null, schema, onlyStatus);
        // Few updates have faults, and only these need to look for what was there before.
        return errors.Count == 0 || old is null ? errors : Run(value, new Correlated(value, old, schema), schema, onlyStatus);
    }

    private static List<FieldError> Run(JsonMap value, Correlated? state, Schema schema, bool onlyStatus)
    {
        var errors = new List<FieldError>();
        var validator = new Validator(errors);
        if (!onlyStatus) validator.Members(value, schema, "", state);
        else if (value.TryGetValue("status", out var status) && schema.Properties.TryGetValue("status", out var inner))
            validator.Value(status, inner, "status", state?.Member("status"));
        if (!onlyStatus && schema.DeclaredMetadata is { } metadata && value.Map("metadata") is { } own) validator.Members(own, metadata, "metadata", null);
        return errors;
    }

    private void Value(object? value, Schema schema, string path, Correlated? state = null)
    {
        var before = errors.Count;
        Check(value, schema, path, state);
        if (errors.Count > before && state?.IsSame == true) errors.RemoveRange(before, errors.Count - before);
    }

    private void Check(object? value, Schema schema, string path, Correlated? state)
    {
        if (value is null && (schema.Nullable || schema.Type.Length == 0)) return;
        if (!TypeFits(value, schema))
        {
            var expected = schema.IntOrString ? "integer,string" : schema.Type;
            errors.Add(FieldError.TypeInvalid(path, NameOf(value), $"{path} in body must be of type {expected}: \"{NameOf(value)}\""));
            if (value is double && schema.Type == "integer") errors.Add(ValueChecks.Unplaced($"Checked value must be of type integer (default format) in {path}"));
            return;
        }

        if (schema.Checks is { } checks) ValueChecks.Check(value, checks, schema, path, errors);
        if (value is JsonMap map)
        {
            if (schema.EmbeddedResource) Embedded(map, path);
            Members(map, schema, path, state);
        }
        else if (value is JsonList list)
        {
            Items(list, schema, path, state);
        }
        else if (value is long number && schema is { Type: "integer", Format: "int32" } && number != (int)number)
        {
            errors.Add(ValueChecks.Unplaced($"Checked value must be of type integer with format int32 in {path}"));
        }
        else if (value is string amount && schema is { IntOrString: true, Format: "quantity" })
        {
            if (Amount.Parse(amount) is null) errors.Add(FieldError.Invalid(path, amount, Amount.Expected) with { WhileReading = Amount.Expected });
        }
        else if (value is string text && schema.Format.Length > 0 && !Formats.Fits(schema.Format, text))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body must be of type {schema.Format}: {JsonText.Of(text)}") with
            {
                WhileReading = schema.Format == "byte" ? string.Create(CultureInfo.InvariantCulture, $"illegal base64 data at input byte {Base64Text.Fault(text)}") : null,
            });
        }
    }

    /// <summary>Checks a value against one branch of allOf, anyOf, oneOf or not.</summary>
    public static List<FieldError> Branch(object? value, Schema schema, string path)
    {
        var inner = new List<FieldError>();
        new Validator(inner).Value(value, schema, path);
        return inner;
    }

    private void Members(JsonMap map, Schema schema, string path, Correlated? state)
    {
        foreach (var name in schema.Required)
            if (!map.ContainsKey(name)) errors.Add(FieldError.Required(Join(path, name)));
        foreach (var (name, member) in map)
        {
            if (schema.Properties.TryGetValue(name, out var property)) Value(member, property, Join(path, name), state?.Member(name));
            else if (schema.AdditionalProperties is { } any && !ReferenceEquals(any, Schema.Anything))
                Value(member, any, path.Length == 0 ? name : $"{path}.{name}", state?.Member(name));
        }
    }

    private void Items(JsonList list, Schema schema, string path, Correlated? state)
    {
        if (schema.Items is { } items)
            for (var i = 0; i < list.Count; i++) Value(list[i], items, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), state?.Item(i));
        if (schema.ListKind is ListKind.Set) Unique(list, path, JsonText.Of, item => item);
        if (schema.ListKind is ListKind.Map) Unique(list, path, item => JsonText.Of(Keys(item, schema)), item => Keys(item, schema));
    }

    private void Unique(JsonList list, string path, Func<object?, string> identity, Func<object?, object?> shown)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
            if (!seen.Add(identity(list[i])))
                errors.Add(FieldError.Duplicate(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), shown(list[i])));
    }

    private static JsonMap Keys(object? item, Schema schema)
    {
        var keys = new JsonMap();
        if (item is not JsonMap map) return keys;
        foreach (var key in schema.MapKeys.Order(StringComparer.Ordinal))
            if (map.TryGetValue(key, out var value)) keys[key] = value;
        return keys;
    }

    private void Embedded(JsonMap map, string path)
    {
        if (map.Text("apiVersion") is null or "") errors.Add(FieldError.Required(Join(path, "apiVersion"), "must not be empty"));
        if (map.Text("kind") is null or "") errors.Add(FieldError.Required(Join(path, "kind"), "must not be empty"));
    }

    private static bool TypeFits(object? value, Schema schema)
    {
        if (schema.IntOrString) return value is long or string;
        return schema.Type switch
        {
            "object" => value is JsonMap,
            "array" => value is JsonList,
            "string" => value is string,
            "boolean" => value is bool,
            "integer" => value is long || (value is double number && Math.Floor(number) == number),
            "number" => value is long or double,
            _ => true,
        };
    }

    private static string NameOf(object? value) => value switch
    {
        null => "null",
        JsonMap => "object",
        JsonList => "array",
        string => "string",
        bool => "boolean",
        long => "integer",
        _ => "number",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
