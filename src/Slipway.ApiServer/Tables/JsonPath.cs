using System.Globalization;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Tables;

/// <summary>The JSONPath that printer columns may use: members, indexes, wildcards and filters of the form <c>[?(@.a=="b")]</c>.</summary>
internal sealed class JsonPath
{
    private readonly List<Func<object?, IEnumerable<object?>>> _steps = [];

    private JsonPath()
    {
    }

    public static JsonPath Compile(string text)
    {
        var path = new JsonPath();
        var rest = text.Trim().TrimStart('{').TrimEnd('}').AsSpan();
        while (rest.Length > 0)
        {
            if (rest[0] == '[')
            {
                var end = ClosingBracket(rest);
                path._steps.Add(Bracket(rest[1..end].ToString()));
                rest = rest[Math.Min(end + 1, rest.Length)..];
                continue;
            }

            if (rest[0] is '.' or '$' or '@')
            {
                rest = rest[1..];
                continue;
            }

            var name = "";
            while (rest.Length > 0 && rest[0] is not ('.' or '['))
            {
                if (rest[0] == '\\' && rest.Length > 1) rest = rest[1..];
                name += rest[0];
                rest = rest[1..];
            }

            path._steps.Add(name == "*" ? Children : value => Member(value, name));
        }

        return path;
    }

    public IReadOnlyList<object?> Select(object? root)
    {
        List<object?> current = [root];
        foreach (var step in _steps) current = [.. current.SelectMany(step)];
        return current;
    }

    private static int ClosingBracket(ReadOnlySpan<char> text)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (c == '[') depth++;
            else if (c == ']' && --depth == 0) return i;
        }

        return text.Length;
    }

    private static Func<object?, IEnumerable<object?>> Bracket(string inner)
    {
        if (inner == "*") return Children;
        if (inner.StartsWith('?')) return Filter(inner[1..].Trim().TrimStart('(').TrimEnd(')'));
        if (inner.Length > 1 && inner[0] is '\'' or '"')
        {
            var name = inner[1..^1].Replace("\\.", ".", StringComparison.Ordinal);
            return value => Member(value, name);
        }

        if (!int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)) return _ => [];
        return value => value is JsonList list && (index < 0 ? index + list.Count : index) is var at && at >= 0 && at < list.Count ? [list[at]] : [];
    }

    private static Func<object?, IEnumerable<object?>> Filter(string condition)
    {
        foreach (var (text, test) in s_operators)
        {
            var at = condition.IndexOf(text, StringComparison.Ordinal);
            if (at < 0) continue;
            var left = Compile(condition[..at].Trim());
            var right = condition[(at + text.Length)..].Trim().Trim('\'', '"');
            return value => Items(value).Where(item => left.Select(item) is [var found, ..] && test(found as string ?? JsonText.Of(found), right));
        }

        var exists = Compile(condition.Trim());
        return value => Items(value).Where(item => exists.Select(item).Count > 0);
    }

    private static readonly (string, Func<string, string, bool>)[] s_operators =
    [
        ("==", (a, b) => a == b),
        ("!=", (a, b) => a != b),
    ];

    private static IEnumerable<object?> Member(object? value, string name) =>
        value is JsonMap map && map.TryGetValue(name, out var member) ? [member] : [];

    private static IEnumerable<object?> Items(object? value) => value as JsonList ?? [];

    private static IEnumerable<object?> Children(object? value) => value switch
    {
        JsonList list => list,
        JsonMap map => map.Values,
        _ => [],
    };
}
