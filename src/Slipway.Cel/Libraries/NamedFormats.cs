using System.Buffers.Text;
using System.Globalization;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>A named check of strings; validation answers what is wrong, or none.</summary>
internal sealed class NamedFormatValue(string name, Func<string, IEnumerable<string>> check) : OpaqueValue(TypeNames.NamedFormat)
{
    public OptionalValue Validate(string text) =>
        check(text).Select(Arg.String).ToArray() is { Length: > 0 } messages ? OptionalValue.Of(new ListValue(messages)) : OptionalValue.None;

    public override int GetHashCode() => name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => name;

    internal override bool IsEqual(CelValue other) => other is NamedFormatValue format && format.ToString() == name;
}

/// <summary>Kubernetes' format library (k8s.io/apiserver, library/format.go); the messages are those of k8s.io/apimachinery's validation.</summary>
internal static class NamedFormats
{
    private const string Dns1123 = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string Dns1035 = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string Label = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const string Qualified = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string Empty = "must be non-empty";

    private static readonly Dictionary<string, NamedFormatValue> s_all = new (string Name, Func<string, IEnumerable<string>> Check)[]
    {
        ("dns1123Label", s => DnsLabel(s, Dns1123, prefix: false)),
        ("dns1123LabelPrefix", s => DnsLabel(s, Dns1123, prefix: true)),
        ("dns1123Subdomain", s => DnsSubdomain(s, prefix: false)),
        ("dns1123SubdomainPrefix", s => DnsSubdomain(s, prefix: true)),
        ("dns1035Label", s => DnsLabel(s, Dns1035, prefix: false, letterFirst: true)),
        ("dns1035LabelPrefix", s => DnsLabel(s, Dns1035, prefix: true, letterFirst: true)),
        ("qualifiedName", QualifiedName),
        ("labelValue", LabelValue),
        ("uri", s => If(UrlValue.Parse(s) is null, $"parse \"{s}\": invalid URI for request")),
        ("uuid", s => If(!Guid.TryParseExact(s, "D", out _) && !Guid.TryParseExact(s, "N", out _), "does not match the UUID format")),
        ("byte", s => If(!Base64.IsValid(s), "invalid base64")),
        ("date", s => If(!DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), "invalid date")),
        ("datetime", s => If(TimeText.Timestamp(s) is not TimestampValue, "invalid datetime")),
    }.ToDictionary(f => f.Name, f => new NamedFormatValue(f.Name, f.Check));

    public static void Add(FunctionList list)
    {
        foreach (var (name, format) in s_all) list.AddCheap($"format.{name}(): kubernetes.NamedFormat", _ => format);
        list.AddCheap("format.named(string): optional_type(kubernetes.NamedFormat)", a => s_all.TryGetValue(a[0].Text(), out var format) ? OptionalValue.Of(format) : OptionalValue.None);
        list.Add("validate(this kubernetes.NamedFormat, string): optional_type(list(string))", a => ((NamedFormatValue)a[0]).Validate(a[1].Text()));
    }

    private static string TooLong(int most) => $"must be no more than {most} bytes";

    private static bool IsLowerAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    /// <summary>A prefix gets a generated suffix, so it may end with a dash.</summary>
    private static string Completed(string text, bool prefix) => prefix && text.Length > 1 && text.EndsWith('-') ? text[..^1] + "a" : text;

    private static bool IsDnsLabel(string text) =>
        text.Length > 0 && text.All(c => IsLowerAlphanumeric(c) || c == '-') && IsLowerAlphanumeric(text[0]) && IsLowerAlphanumeric(text[^1]);

    private static IEnumerable<string> If(bool wrong, string message) => wrong ? [message] : [];

    private static IEnumerable<string> DnsLabel(string text, string message, bool prefix, bool letterFirst = false)
    {
        foreach (var issue in If(text.Length > 63, TooLong(63))) yield return issue;
        var label = Completed(text, prefix);
        if (IsDnsLabel(label) && (!letterFirst || char.IsAsciiLetter(label[0]))) yield break;
        yield return !letterFirst && label.Split('.').All(IsDnsLabel) ? "must not contain dots" : message;
    }

    private static IEnumerable<string> DnsSubdomain(string text, bool prefix)
    {
        foreach (var issue in If(text.Length > 253, TooLong(253))) yield return issue;
        var name = prefix && text.EndsWith(".-", StringComparison.Ordinal) ? text[..^1] + "a" : Completed(text, prefix);
        if (!name.Split('.').All(IsDnsLabel)) yield return Subdomain;
    }

    private static IEnumerable<string> LabelValue(string text)
    {
        foreach (var issue in If(text.Length > 63, TooLong(63))) yield return issue;
        if (text.Length > 0 && !IsName(text)) yield return Label;
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);

    private static IEnumerable<string> QualifiedName(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 2)
        {
            yield return $"a qualified name {Qualified} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2)
        {
            var prefix = parts[0].Length == 0 ? [Empty] : DnsSubdomain(parts[0], prefix: false);
            foreach (var issue in prefix) yield return "prefix part " + issue;
        }

        var name = parts[^1];
        if (name.Length == 0) yield return "name part " + Empty;
        if (name.Length > 63) yield return "name part " + TooLong(63);
        if (!IsName(name)) yield return "name part " + Qualified;
    }
}
