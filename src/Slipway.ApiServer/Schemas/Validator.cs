using System.Globalization;
using System.Text;
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
            errors.Add(FieldError.TypeInvalid(path, value is JsonMap or JsonList ? NameOf(value) : value,
                $"{path} in body must be of type {expected}: \"{NameOf(value)}\""));
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
        else if (value is string text && schema.Format.Length > 0 && !Formats.Fits(schema.Format, text))
        {
            errors.Add(FieldError.Invalid(path, text, $"{path} in body must be of type {schema.Format}: {JsonText.Of(text)}"));
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

/// <summary>The checks of single values: limits, patterns, enumerations, combinations.</summary>
internal static class ValueChecks
{
    public static void Check(object? value, SchemaChecks checks, Schema schema, string path, List<FieldError> errors)
    {
        if (checks.Enum is { } allowed && !allowed.Any(a => JsonValues.Same(a, value)))
            errors.Add(FieldError.NotSupported(path, value, allowed.Select(a => a as string ?? JsonText.Of(a))));
        switch (value)
        {
            case string text:
                Text(text, checks, path, errors);
                break;
            case long or double:
                Number(value, checks, path, errors);
                break;
            case JsonList list:
                if (checks.MaxItems is { } most && list.Count > most) errors.Add(FieldError.TooMany(path, list.Count, most));
                if (checks.MinItems is { } least && list.Count < least)
                    errors.Add(FieldError.Invalid(path, (long)list.Count, $"{path} in body should have at least {least} items"));
                if (checks.UniqueItems && list.Select(JsonText.Of).Distinct(StringComparer.Ordinal).Count() != list.Count)
                    errors.Add(FieldError.Invalid(path, list, $"{path} in body shouldn't contain duplicates"));
                break;
            case JsonMap map:
                if (checks.MaxProperties is { } max && map.Count > max) errors.Add(FieldError.TooMany(path, map.Count, max));
                if (checks.MinProperties is { } min && map.Count < min)
                    errors.Add(FieldError.Invalid(path, (long)map.Count, $"{path} in body should have at least {min} properties"));
                break;
        }

        Combinations(value, checks, path, errors);
    }

    private static void Text(string text, SchemaChecks checks, string path, List<FieldError> errors)
    {
        var length = text.EnumerateRunes().Count();
        if (checks.MaxLength is { } most && length > most) errors.Add(FieldError.TooLong(path, most));
        if (checks.MinLength is { } least && length < least)
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {least} chars long"));
        if (checks.Pattern is { } pattern && !pattern.IsMatch(text))
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{checks.PatternText}'"));
    }

    private static void Number(object value, SchemaChecks checks, string path, List<FieldError> errors)
    {
        var number = SchemaCompiler.Number(value)!.Value;
        if (checks.Minimum is { } min && (checks.ExclusiveMinimum ? number <= min : number < min))
            errors.Add(FieldError.Invalid(path, value,
                $"{path} in body should be greater than {(checks.ExclusiveMinimum ? "" : "or equal to ")}{JsonText.Of(min)}"));
        if (checks.Maximum is { } max && (checks.ExclusiveMaximum ? number >= max : number > max))
            errors.Add(FieldError.Invalid(path, value,
                $"{path} in body should be less than {(checks.ExclusiveMaximum ? "" : "or equal to ")}{JsonText.Of(max)}"));
        if (checks.MultipleOf is { } step && step > 0 && Math.Abs(Math.IEEERemainder(number, step)) > 1e-9)
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should be a multiple of {JsonText.Of(step)}"));
    }

    private static void Combinations(object? value, SchemaChecks checks, string path, List<FieldError> errors)
    {
        foreach (var branch in checks.AllOf) errors.AddRange(Validator.Branch(value, branch, path));
        var shown = path.Length == 0 ? "\"\"" : path;
        if (checks.AnyOf.Count > 0 && !checks.AnyOf.Any(b => Validator.Branch(value, b, path).Count == 0))
        {
            errors.Add(FieldError.Invalid(path, value, $"{shown} in body must validate at least one schema (anyOf)"));
            errors.AddRange(Validator.Branch(value, checks.AnyOf[0], path));
        }

        if (checks.OneOf.Count > 0)
        {
            var fitting = checks.OneOf.Count(b => Validator.Branch(value, b, path).Count == 0);
            if (fitting != 1)
                errors.Add(FieldError.Invalid(path, value,
                    $"{shown} in body must validate one and only one schema (oneOf). " +
                    (fitting == 0 ? "Found none valid" : $"Found {fitting} valid alternatives")));
        }

        if (checks.Not is { } not && Validator.Branch(value, not, path).Count == 0)
            errors.Add(FieldError.Invalid(path, value, $"{shown} in body must not validate the schema (not)"));
    }
}

/// <summary>The string formats that CRD validation checks; others are notes to the reader.</summary>
internal static class Formats
{
    public static bool Fits(string format, string text) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) &&
            text.Contains('T', StringComparison.OrdinalIgnoreCase),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uuid" or "uuid3" or "uuid4" or "uuid5" => Guid.TryParse(text, out _),
        "ipv4" => System.Net.IPAddress.TryParse(text, out var a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork,
        "ipv6" => System.Net.IPAddress.TryParse(text, out var a) && a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        "cidr" => System.Net.IPNetwork.TryParse(text, out _),
        "mac" => System.Net.NetworkInformation.PhysicalAddress.TryParse(text, out _),
        "byte" => Base64(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => true,
    };

    public static bool Base64(string text)
    {
        var clean = text.AsSpan();
        return System.Buffers.Text.Base64.IsValid(Encoding.UTF8.GetBytes(clean.ToString()));
    }
}
