using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>The checks of single values: limits, patterns, enumerations, combinations.</summary>
internal static class ValueChecks
{
    public static void Check(object? value, SchemaChecks checks, Schema schema, string path, List<FieldError> errors)
    {
        Combinations(value, checks, path, errors);
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

        if (checks.Enum is { } allowed && !allowed.Any(a => JsonValues.Same(a, value)))
            errors.Add(FieldError.NotSupported(path, value, allowed.Select(a => a as string ?? JsonText.Of(a))));
    }

    /// <summary>A fault of which upstream says only in its text where it is.</summary>
    public static FieldError Unplaced(string detail) => FieldError.Invalid("<nil>", "", detail);

    private static void Text(string text, SchemaChecks checks, string path, List<FieldError> errors)
    {
        var length = text.EnumerateRunes().Count();
        if (checks.MaxLength is { } most && length > most) errors.Add(FieldError.TooLong(path, most));
        else if (checks.MinLength is { } least && length < least)
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {least} chars long"));
        else if (checks.Pattern is { } pattern && !pattern.IsMatch(text))
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
        if (checks.AnyOf.Count > 0 && Fitting(value, checks.AnyOf, path, out var best) == 0)
        {
            errors.Add(Unplaced($"\"{path}\" must validate at least one schema (anyOf)"));
            errors.AddRange(best);
        }

        if (checks.OneOf.Count > 0 && Fitting(value, checks.OneOf, path, out best) is var fitting and not 1)
        {
            errors.Add(Unplaced($"\"{path}\" must validate one and only one schema (oneOf). " +
                (fitting == 0 ? "Found none valid" : $"Found {fitting} valid alternatives")));
            if (fitting == 0) errors.AddRange(best);
        }

        if (checks.AllOf.Count > 0)
        {
            var failed = 0;
            foreach (var branch in checks.AllOf)
            {
                var faults = Validator.Branch(value, branch, path);
                if (faults.Count > 0) failed++;
                errors.AddRange(faults);
            }

            if (failed > 0) errors.Add(Unplaced($"\"{path}\" must validate all the schemas (allOf){(failed == checks.AllOf.Count ? ". None validated" : "")}"));
        }

        if (checks.Not is { } not && Validator.Branch(value, not, path).Count == 0) errors.Add(Unplaced($"\"{path}\" must not validate the schema (not)"));
    }

    /// <summary>Counts the branches that admit a value; the faults are those of the first that does not.</summary>
    private static int Fitting(object? value, IReadOnlyList<Schema> branches, string path, out List<FieldError> best)
    {
        best = [];
        var fitting = 0;
        foreach (var branch in branches)
        {
            var faults = Validator.Branch(value, branch, path);
            if (faults.Count == 0) fitting++;
            else if (best.Count == 0) best = faults;
        }

        return fitting;
    }
}
