using System.Buffers;
using System.Text;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>An absolute URL or an absolute path, in the parts that Kubernetes' url library answers (k8s.io/apiserver, library/urls.go).</summary>
internal sealed class UrlValue(string scheme, string host, string path, string query) : OpaqueValue(TypeNames.Url)
{
    private static readonly SearchValues<char> s_notInHost = SearchValues.Create(" \"<>\\^`{|}");

    public string Scheme { get; } = scheme;

    public string Host { get; } = host;

    public string Path { get; } = path;

    public string Query { get; } = query;

    public string Hostname => Colon(Host) is var c and >= 0 ? Host[..c].Trim('[', ']') : Host.Trim('[', ']');

    public string Port => Colon(Host) is var c and >= 0 ? Host[(c + 1)..] : "";

    public static UrlValue? Parse(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyInRange('\0', '\x1F') || text.Contains('\x7F', StringComparison.Ordinal)) return null;
        var scheme = "";
        var rest = text;
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '+' or '-' or '.')) end++;
        if (end > 0 && end < text.Length && text[end] == ':' && char.IsAsciiLetter(text[0]))
        {
            scheme = text[..end].ToLowerInvariant();
            rest = text[(end + 1)..];
        }

        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        if (mark >= 0) rest = rest[..mark];
        if (!rest.StartsWith('/')) return scheme.Length > 0 ? new UrlValue(scheme, "", "", query) : null;
        var host = "";
        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            var authority = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            host = authority[(authority.LastIndexOf('@') + 1)..];
            if (!IsHost(host)) return null;
        }

        return Unescape(rest) is null ? null : new UrlValue(scheme, host, rest, query);
    }

    public static string? Unescape(string text)
    {
        var bytes = new MemoryStream();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var width = CodePoints.Width(text, i);
                bytes.Write(Encoding.UTF8.GetBytes(text, i, width));
                i += width - 1;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return null;
            bytes.WriteByte(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
            i += 2;
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public string EscapedPath
    {
        get
        {
            const string Plain = "-_.~$&+,/:;=@!'()*[]%";
            if (Path.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))) return Path;
            var result = new StringBuilder();
            foreach (var b in Encoding.UTF8.GetBytes(Unescape(Path)!))
            {
                result.Append(char.IsAsciiLetterOrDigit((char)b) || "-_.~$&+,/:;=@".Contains((char)b, StringComparison.Ordinal) ? ((char)b).ToString() : $"%{b:X2}");
            }

            return result.ToString();
        }
    }

    private static int Colon(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? colon : -1;
    }

    private static bool IsHost(string host)
    {
        if (host.AsSpan().ContainsAny(s_notInHost)) return false;
        if (host.StartsWith('[') != host.Contains(']', StringComparison.Ordinal)) return false;
        return Colon(host) is var colon && (colon < 0 || host.AsSpan(colon + 1).ToString().All(char.IsAsciiDigit));
    }

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => (Scheme.Length > 0 ? $"{Scheme}://" : "") + Host + EscapedPath + (Query.Length > 0 ? $"?{Query}" : "");

    internal override bool IsEqual(CelValue other) => other is UrlValue url && url.ToString() == ToString();
}

internal static class Urls
{
    public static void Add(FunctionList list)
    {
        list.Add("url(string): kubernetes.URL", a => UrlValue.Parse(a[0].Text()) ?? Arg.Error($"URL parse error during conversion from string: parse \"{a[0]}\": invalid URI for request"));
        list.Add("isURL(string): bool", a => BoolValue.Of(UrlValue.Parse(a[0].Text()) is not null));
        list.AddCheap("getScheme(this kubernetes.URL): string", a => Arg.String(Url(a[0]).Scheme));
        list.AddCheap("getHost(this kubernetes.URL): string", a => Arg.String(Url(a[0]).Host));
        list.AddCheap("getHostname(this kubernetes.URL): string", a => Arg.String(Url(a[0]).Hostname));
        list.AddCheap("getPort(this kubernetes.URL): string", a => Arg.String(Url(a[0]).Port));
        list.Add("getEscapedPath(this kubernetes.URL): string", a => Arg.String(Url(a[0]).EscapedPath));
        list.Add("getQuery(this kubernetes.URL): map(string, list(string))", a => Query(Url(a[0]).Query));
    }

    private static UrlValue Url(CelValue value) => (UrlValue)value;

    private static MapValue Query(string query)
    {
        Dictionary<string, List<CelValue>> values = [];
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = UrlValue.Unescape((equals < 0 ? part : part[..equals]).Replace('+', ' '));
            var value = UrlValue.Unescape(equals < 0 ? "" : part[(equals + 1)..].Replace('+', ' '));
            if (key is null || value is null || part.Contains(';', StringComparison.Ordinal)) continue;
            if (!values.TryGetValue(key, out var all)) values[key] = all = [];
            all.Add(Arg.String(value));
        }

        return new MapValue(values.ToDictionary(v => Arg.String(v.Key), CelValue (v) => new ListValue([.. v.Value])));
    }
}
