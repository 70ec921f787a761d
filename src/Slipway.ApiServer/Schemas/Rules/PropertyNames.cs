using System.Text;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>
/// How rules spell property names that are no identifiers of CEL: <c>a-b</c> is <c>a__dash__b</c>, <c>namespace</c> is
/// <c>__namespace__</c> (k8s.io/apiserver, pkg/cel/escaping).
/// </summary>
internal static class PropertyNames
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    };

    private static readonly (string Plain, string Escaped)[] s_parts = [("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")];

    public static bool IsKeyword(string name) => s_reserved.Contains(name);

    /// <summary>Gets the spelling of a name in rules; null when there is none.</summary>
    public static string? Escape(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return null;
        if (s_reserved.Contains(name)) return $"__{name}__";
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-' or '/')) return null;
        if (!name.Contains("__", StringComparison.Ordinal) && name.AsSpan().IndexOfAny('.', '-', '/') < 0) return name;
        var result = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var part = Array.Find(s_parts, p => string.CompareOrdinal(name, i, p.Plain, 0, p.Plain.Length) == 0);
            result.Append(part.Escaped ?? name[i].ToString());
            if (part.Plain is { Length: 2 }) i++;
        }

        return result.ToString();
    }

    /// <summary>Gets the name that a spelling stands for; null when it stands for none.</summary>
    public static string? Unescape(string escaped)
    {
        var start = escaped.IndexOf("__", StringComparison.Ordinal);
        if (start < 0) return escaped;
        var result = new StringBuilder(escaped, 0, start, escaped.Length);
        for (var i = start; i < escaped.Length;)
        {
            var end = i + 2 < escaped.Length && escaped[i] == '_' && escaped[i + 1] == '_' && escaped[i + 2] != '_' ? escaped.IndexOf('_', i + 2) : -1;
            if (end < 0 || end + 1 >= escaped.Length || escaped[end + 1] != '_')
            {
                result.Append(escaped[i++]);
                continue;
            }

            var whole = escaped[i..(end + 2)];
            if (Array.Find(s_parts, p => p.Escaped == whole).Plain is { } plain) result.Append(plain);
            else if (whole.Length == escaped.Length && s_reserved.Contains(whole[2..^2])) return whole[2..^2];
            else return null;
            i = end + 2;
        }

        return result.ToString();
    }
}
