using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Schemas.Rules;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>What a version says beside its schema: columns, subresources, fields to select by.</summary>
internal static class VersionRules
{
    private const int MaxSelectable = 8;
    private const int MaxWarning = 256;

    private static readonly string[] s_types = ["boolean", "date", "integer", "number", "string"];

    private static readonly string[] s_formats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    public static void Deprecation(JsonMap version, string path, List<FieldError> errors)
    {
        if (version.Text("deprecationWarning") is not { } warning) return;
        var where = path + ".deprecationWarning";
        if (version.At("deprecated") is not true) errors.Add(FieldError.Invalid(where, warning, "can only be set for deprecated versions"));
        if (warning.Length > MaxWarning) errors.Add(FieldError.Invalid(where, warning, "must be <= 256 characters long"));
        if (warning.Length == 0) errors.Add(FieldError.Invalid(where, warning, "must not be an empty string"));
        if (warning.AsSpan().IndexOfAnyInRange('\0', '\x1f') is var at and >= 0)
            errors.Add(FieldError.Invalid(where, warning, $"must only contain printable UTF-8 characters; non-printable character found at index {at}"));
    }

    public static void Subresources(JsonMap? subresources, string path, List<FieldError> errors)
    {
        if (subresources?.Map("scale") is not { } scale) return;
        Path(scale.Text("specReplicasPath") ?? "", path + ".scale.specReplicasPath", [".spec."], ".spec", errors);
        Path(scale.Text("statusReplicasPath") ?? "", path + ".scale.statusReplicasPath", [".status."], ".status", errors);
        if (scale.Text("labelSelectorPath") is { Length: > 0 } labels)
            Path(labels, path + ".scale.labelSelectorPath", [".spec.", ".status."], "either .spec or .status", errors);
    }

    private static void Path(string value, string path, string[] roots, string shown, List<FieldError> errors)
    {
        if (value.Length == 0) errors.Add(FieldError.Required(path));
        else if (value[0] != '.') errors.Add(FieldError.Invalid(path, value, "must be a simple json path starting with ."));
        else if (!Array.Exists(roots, r => value.StartsWith(r, StringComparison.Ordinal)))
            errors.Add(FieldError.Invalid(path, value, "should be a json path under " + shown));
    }

    public static void Columns(JsonList? columns, string path, List<FieldError> errors)
    {
        for (var i = 0; i < (columns?.Count ?? 0); i++)
        {
            if (columns![i] is not JsonMap column) continue;
            var where = $"{path}[{i}]";
            if (column.Text("name") is null or "") errors.Add(FieldError.Required(where + ".name"));
            var types = "must be one of " + string.Join(',', s_types);
            var type = column.Text("type") ?? "";
            if (type.Length == 0) errors.Add(FieldError.Required(where + ".type", types));
            else if (!s_types.Contains(type, StringComparer.Ordinal)) errors.Add(FieldError.Invalid(where + ".type", type, types));
            if (column.Text("format") is { Length: > 0 } format && !s_formats.Contains(format, StringComparer.Ordinal))
                errors.Add(FieldError.Invalid(where + ".format", format, "must be one of " + string.Join(',', s_formats)));
            var source = column.Text("jsonPath") ?? "";
            if (source.Length == 0) errors.Add(FieldError.Required(where + ".JSONPath"));
            else if (source[0] != '.') errors.Add(FieldError.Invalid(where + ".JSONPath", source, "must be a simple json path starting with ."));
        }
    }

    public static void Selectable(JsonList? fields, Schema schema, string path, bool maybeMany, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (fields?.Count ?? 0); i++)
        {
            var where = $"{path}[{i}].jsonPath";
            var text = (fields![i] as JsonMap)?.Text("jsonPath") ?? "";
            if (text.Length == 0)
            {
                errors.Add(FieldError.Required(where));
                continue;
            }

            var (field, found, fault) = FieldPaths.Read(text, schema, withBrackets: false);
            if (fault is not null)
            {
                errors.Add(FieldError.Invalid(where, text, "is an invalid path: " + fault));
                continue;
            }

            if (field!.Split('.')[0] == "metadata") errors.Add(FieldError.Invalid(where, text, "must not point to fields in metadata"));
            if (found!.Type is not ("string" or "boolean" or "integer"))
                errors.Add(FieldError.Invalid(where, text, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."));
            if (!seen.Add(field)) errors.Add(FieldError.Duplicate(where, text));
        }

        if (seen.Count > MaxSelectable && !maybeMany) errors.Add(FieldError.TooMany(path, seen.Count, MaxSelectable));
    }
}
