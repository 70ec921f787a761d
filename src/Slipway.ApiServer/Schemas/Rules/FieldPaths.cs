using System.Text;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>
/// The paths of fieldPath and selectableFields: <c>.spec.name</c>, <c>['a.b']</c>, through properties and maps, never into lists.
/// </summary>
internal static class FieldPaths
{
    private const string NoField = "does not refer to a valid field";

    /// <summary>Reads a path below a schema: the path as errors name fields and the schema there, or what is wrong with it.</summary>
    public static (string? Path, Schema? Schema, string? Fault) Read(string text, Schema schema, bool withBrackets = true)
    {
        var path = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            string name;
            if (rest[0] == '.')
            {
                rest = rest[1..];
                var token = Token(rest);
                if (token == 0) return Failed("unexpected end of JSON path");
                name = rest[..token].ToString();
                rest = rest[token..];
            }
            else if (rest[0] == '[')
            {
                if (!withBrackets) return Failed("array notation is not allowed");
                rest = rest[1..];
                var token = Token(rest);
                if (token == 0) return Failed("unexpected end of JSON path");
                if (token < 2 || rest[0] != '\'' || rest[token - 1] != '\'') return Failed($"expected single quoted string but got {rest[..token]}");
                if (Unquote(rest[1..(token - 1)]) is not { } quoted) return Failed("invalid string literal");
                name = quoted;
                rest = rest[token..];
                if (rest.Length == 0) return Failed("unexpected end of JSON path");
                if (rest[0] != ']') return Failed($"expected ] but got {rest[..Token(rest)]}");
                rest = rest[1..];
            }
            else
            {
                return Failed($"expected [ or . but got: {rest[..Token(rest)]}");
            }

            if (schema.Properties.Count > 0)
            {
                if (!schema.Properties.TryGetValue(name, out var property)) return Failed(NoField);
                path.Append(path.Length == 0 ? "" : ".").Append(name);
                schema = property;
            }
            else if (schema.AdditionalProperties is { } additional && !ReferenceEquals(additional, Schema.Anything))
            {
                path.Append('[').Append(name).Append(']');
                schema = additional;
            }
            else
            {
                return Failed(NoField);
            }
        }

        return (path.ToString(), schema, null);
    }

    private static (string?, Schema?, string?) Failed(string fault) => (null, null, fault);

    /// <summary>Gets the length of the next token: a delimiter, a quoted name, or a name up to the next delimiter.</summary>
    private static int Token(ReadOnlySpan<char> text)
    {
        if (text.Length == 0) return 0;
        if (text[0] == '\'')
        {
            for (var i = 1; i < text.Length; i++)
                if (text[i] == '\'' && text[i - 1] != '\\') return i + 1;
            return text.Length;
        }

        var end = text.IndexOfAny('.', '[', ']');
        return end < 0 ? text.Length : Math.Max(1, end);
    }

    private static string? Unquote(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            var at = ++i < text.Length ? "abfnrtv'\\".IndexOf(text[i]) : -1;
            if (at < 0) return null;
            result.Append("\a\b\f\n\r\t\v'\\"[at]);
        }

        return result.ToString();
    }
}
