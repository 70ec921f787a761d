using System.Text.RegularExpressions;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>The names that a definition claims.</summary>
internal static partial class CrdNames
{
    private const string Label =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " +
        "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    public static string? LabelFault(string name) =>
        LabelPattern().IsMatch(name) ? name.Length > 63 ? "must be no more than 63 characters" : null : name.Length > 63 ? "must be no more than 63 characters," + Label : Label;

    public static void Validate(JsonMap names, string path, bool isSpec, List<FieldError> errors)
    {
        foreach (var name in (string[])["plural", "singular", "kind", "listKind"])
            if (isSpec && names.Text(name) is null or "") errors.Add(FieldError.Required($"{path}.{name}"));
        foreach (var name in (string[])["plural", "singular"])
            if (names.Text(name) is { Length: > 0 } text && LabelFault(text) is { } fault) errors.Add(FieldError.Invalid($"{path}.{name}", text, fault));
        foreach (var name in (string[])["kind", "listKind"])
            if (names.Text(name) is { Length: > 0 } text && LabelFault(text.ToLowerInvariant()) is { } fault)
                errors.Add(FieldError.Invalid($"{path}.{name}", text, "may have mixed case, but should otherwise match: " + fault));
        Labels(names.List("shortNames"), path + ".shortNames", errors);
        if (names.Text("kind") is { Length: > 0 } kind && kind == names.Text("listKind"))
            errors.Add(FieldError.Invalid(path + ".listKind", kind, "kind and listKind may not be the same"));
        Labels(names.List("categories"), path + ".categories", errors);
    }

    private static void Labels(JsonList? list, string path, List<FieldError> errors)
    {
        for (var i = 0; i < (list?.Count ?? 0); i++)
            if (list![i] is string text && LabelFault(text) is { } fault) errors.Add(FieldError.Invalid($"{path}[{i}]", text, fault));
    }

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelPattern();
}
