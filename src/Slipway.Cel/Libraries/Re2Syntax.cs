using System.Globalization;
using System.Text;

namespace Slipway.Cel.Libraries;

/// <summary>Writes RE2 syntax (github.com/google/re2/wiki/Syntax) as .NET's where the two differ.</summary>
internal static class Re2Syntax
{
    private static readonly Dictionary<string, string> s_posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <returns>The pattern for .NET; null when RE2 has no such syntax.</returns>
    public static string? Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var multiline = pattern.StartsWith("(?m", StringComparison.Ordinal) || pattern.StartsWith("(?im", StringComparison.Ordinal)
            || pattern.StartsWith("(?sm", StringComparison.Ordinal);
        for (var i = 0; i < pattern.Length;)
        {
            var rest = pattern.AsSpan(i);
            if (rest[0] == '\\')
            {
                if (!Escape(pattern, ref i, result, inClass: false)) return null;
            }
            else if (rest[0] == '[')
            {
                if (!Class(pattern, ref i, result)) return null;
            }
            else if (rest.StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 4;
            }
            else if (rest.StartsWith("(?"))
            {
                // Lookaround, conditions, atomic and balancing groups are .NET's own.
                if (rest.Length < 3 || !(char.IsAsciiLetter(rest[2]) && rest[2] is 'i' or 'm' or 's' || rest[2] is ':' or '-' || Named(rest))) return null;
                result.Append("(?");
                i += 2;
            }
            else
            {
                // .NET's $ also matches before a last line feed.
                result.Append(rest[0] == '$' && !multiline ? @"\z" : rest[..1]);
                i++;
            }
        }

        return result.ToString();
    }

    private static bool Named(ReadOnlySpan<char> rest) => rest.Length > 3 && rest[2] == '<' && rest[3] is not ('=' or '!') && !rest[..Math.Max(0, rest.IndexOf('>'))].Contains('-');

    private static bool Escape(string pattern, ref int i, StringBuilder result, bool inClass)
    {
        if (i + 1 >= pattern.Length) return false;
        var c = pattern[i + 1];
        i += 2;
        var set = c switch { 'd' => "0-9", 'w' => "0-9A-Za-z_", 's' => @"\t\n\f\r ", _ => null };
        var not = c switch { 'D' => "0-9", 'W' => "0-9A-Za-z_", 'S' => @"\t\n\f\r ", _ => null };
        switch (c)
        {
            case 'd' or 'w' or 's':
                result.Append(inClass ? set : $"[{set}]");
                return true;
            case 'D' or 'W' or 'S':
                result.Append(inClass ? Complement(c) : $"[^{not}]");
                return true;
            case 'p' or 'P' when i < pattern.Length && pattern[i] != '{':
                result.Append(CultureInfo.InvariantCulture, $"\\{c}{{{pattern[i++]}}}");
                return true;
            case 'x' when i < pattern.Length && pattern[i] == '{':
                return Hex(pattern, ref i, result);
            case 'Q':
                var end = pattern.IndexOf("\\E", i, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[i..] : pattern[i..end];
                i = end < 0 ? pattern.Length : end + 2;
                foreach (var ch in literal) result.Append(char.IsAsciiLetterOrDigit(ch) || ch > 127 ? ch.ToString() : $"\\x{(int)ch:X2}");
                return true;
            case >= '1' and <= '9' or 'k' or 'G' or 'Z' or 'c' or 'e' or 'u' or 'C':
                return false;
            default:
                result.Append('\\').Append(c);
                return true;
        }
    }

    private static string Complement(char c) => c switch
    {
        'D' => @"\x00-/:-\uFFFF",
        'W' => @"\x00-/:-@\[-^`{-\uFFFF",
        _ => @"\x00-\x08\v\x0E-\x1F!-\uFFFF",
    };

    private static bool Hex(string pattern, ref int i, StringBuilder result)
    {
        var close = pattern.IndexOf('}', i);
        if (close < 0 || !int.TryParse(pattern.AsSpan(i + 1, close - i - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return false;
        if (code > 0xFFFF) return false;
        result.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
        i = close + 1;
        return true;
    }

    private static bool Class(string pattern, ref int i, StringBuilder result)
    {
        result.Append('[');
        i++;
        if (i < pattern.Length && pattern[i] == '^') result.Append(pattern[i++]);
        for (var first = true; i < pattern.Length; first = false)
        {
            var c = pattern[i];
            if (c == ']' && !first)
            {
                result.Append(c);
                i++;
                return true;
            }

            if (c == '\\')
            {
                if (!Escape(pattern, ref i, result, inClass: true)) return false;
            }
            else if (pattern.AsSpan(i).StartsWith("[:"))
            {
                var end = pattern.IndexOf(":]", i, StringComparison.Ordinal);
                if (end < 0 || !s_posix.TryGetValue(pattern[(i + 2)..end], out var set)) return false;
                result.Append(set);
                i = end + 2;
            }
            else
            {
                // .NET reads [a-z-[aeiou]] as a subtraction; a bracket inside a class is a plain one in RE2.
                if (c is '[' or ']') result.Append('\\');
                result.Append(c);
                i++;
            }
        }

        return false;
    }
}
