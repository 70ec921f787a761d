using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Slipway.Cel.Libraries;

/// <summary>
/// RE2 patterns as .NET's non-backtracking ones, which take time linear in the text as RE2 does. One known difference stays: a dot or a
/// class matches one UTF-16 unit, so a character beyond U+FFFF counts as two.
/// </summary>
internal static class Patterns
{
    private const int MaxPattern = 10_000;
    private const int Kept = 500;

    private static readonly ConcurrentDictionary<string, (Regex?, string?)> s_known = new();

    public static (Regex? Regex, string? Error) Compile(string pattern)
    {
        if (s_known.TryGetValue(pattern, out var known)) return known;
        // Patterns come from rules, of which there are few; a flood of computed ones must not fill memory.
        if (s_known.Count >= Kept) s_known.Clear();
        return s_known[pattern] = Build(pattern);
    }

    private static (Regex?, string?) Build(string pattern)
    {
        if (pattern.Length > MaxPattern) return (null, $"error parsing regexp: longer than {MaxPattern} characters");
        try
        {
            return Re2Syntax.Translate(pattern) is { } translated
                ? (new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), null)
                : (null, $"error parsing regexp: unsupported syntax: `{pattern}`");
        }
        catch (RegexParseException e)
        {
            var reason = e.Error switch
            {
                RegexParseError.InsufficientOpeningParentheses => "unexpected )",
                RegexParseError.InsufficientClosingParentheses => "missing closing )",
                RegexParseError.UnterminatedBracket => "missing closing ]",
                RegexParseError.QuantifierAfterNothing => "missing argument to repetition operator",
                RegexParseError.ReversedCharacterRange => "invalid character class range",
                RegexParseError.UnescapedEndingBackslash => "trailing backslash at end of expression",
                _ => e.Error.ToString(),
            };
            return (null, $"error parsing regexp: {reason}: `{pattern}`");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return (null, $"error parsing regexp: unsupported or too large: `{pattern}`");
        }
    }
}
