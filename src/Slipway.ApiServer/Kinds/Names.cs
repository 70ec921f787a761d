using System.Text.RegularExpressions;

namespace Slipway.ApiServer.Kinds;

/// <summary>The name rules of the API (RFC 1123 labels and subdomains, qualified label keys) with the texts clients know.</summary>
internal static partial class Names
{
    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
        "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string Label1035 =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an " +
        "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string Qualified =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelText =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    public static string? SubdomainFault(string name) =>
        name.Length > 253 ? "must be no more than 253 characters" : SubdomainPattern().IsMatch(name) ? null : Subdomain;

    public static string? LabelFault(string name) =>
        name.Length > 63 ? "must be no more than 63 characters" : LabelPattern().IsMatch(name) ? null : Label;

    /// <summary>Names that begin with a letter, such as those of versions (RFC 1035).</summary>
    public static string? Label1035Fault(string name) =>
        name.Length > 63 ? "must be no more than 63 characters" : name.Length > 0 && char.IsAsciiLetterLower(name[0]) && LabelPattern().IsMatch(name) ? null : Label1035;

    /// <summary>RBAC names may hold anything that is one path segment.</summary>
    public static string? PathSegmentFault(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    public static string? QualifiedNameFault(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2) return "a valid label key must be a name with an optional prefix and '/'";
        if (parts.Length == 2 && parts[0].Length == 0) return "prefix part must be non-empty";
        if (parts.Length == 2 && SubdomainFault(parts[0]) is { } fault) return "prefix part " + fault;
        var name = parts[^1];
        if (name.Length == 0) return "name part must be non-empty";
        if (name.Length > 63) return "name part must be no more than 63 characters";
        return QualifiedPattern().IsMatch(name) ? null : Qualified;
    }

    /// <summary>Every fault of a qualified name, of which <see cref="QualifiedNameFault"/> gives the first.</summary>
    public static IEnumerable<string> QualifiedNameFaults(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            yield return Qualified.Replace("name part", "a qualified name", StringComparison.Ordinal) + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2 && parts[0].Length == 0) yield return "prefix part must be non-empty";
        else if (parts.Length == 2 && SubdomainFault(parts[0]) is { } fault) yield return "prefix part " + fault;
        if (parts[^1].Length == 0) yield return "name part must be non-empty";
        if (parts[^1].Length > 63) yield return "name part must be no more than 63 characters";
        if (!QualifiedPattern().IsMatch(parts[^1])) yield return Qualified;
    }

    /// <summary>Names of ports, which services may refer to (RFC 6335).</summary>
    public static IEnumerable<string> PortNameFaults(string name)
    {
        if (name.Length > 15) yield return "must be no more than 15 characters";
        if (name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        if (!name.Any(char.IsAsciiLetterLower)) yield return "must contain at least one letter (a-z)";
        if (name.Contains("--", StringComparison.Ordinal)) yield return "must not contain consecutive hyphens";
        if (name.Length > 0 && (name[0] == '-' || name[^1] == '-')) yield return "must not begin or end with a hyphen";
    }

    public static string? EnvironmentFault(string name) =>
        name.All(c => c is >= ' ' and <= '~' and not '=') ? null : "a valid environment variable name must consist only of printable ASCII characters other than '='";

    public static string? ConfigKeyFault(string key) =>
        key.Length > 253 ? "must be no more than 253 characters" : key is "." or ".." ? $"must not be '{key}'"
        : key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? null
        : "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
            "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static string? LabelValueFault(string value) =>
        value.Length > 63 ? "must be no more than 63 characters" : value.Length == 0 || QualifiedPattern().IsMatch(value) ? null : LabelText;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QualifiedPattern();
}
