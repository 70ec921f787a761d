using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Importing;

/// <summary>Whose templates they are: how values other than texts are written, and what a name stands for that is not there.</summary>
internal enum TemplateKind
{
    /// <summary>Jinja, as lm-evaluation-harness uses it: True, None, and an error for a name that is not there.</summary>
    Jinja,

    /// <summary>Nunjucks, as promptfoo uses it: true, and nothing for a name that is not there.</summary>
    Nunjucks,
}

/// <summary>
/// The part of Jinja and Nunjucks that puts values into a text: <c>{{name}}</c>, <c>{{name.part}}</c>, <c>{{name[0]}}</c>, <c>{{name["part"]}}</c>, followed by
/// <c>strip</c>, <c>lstrip</c>, <c>rstrip</c>, <c>lower</c>, <c>upper</c>, <c>replace</c> and <c>split</c> as methods, or <c>trim</c>, <c>lower</c>, <c>upper</c>,
/// <c>replace</c>, <c>first</c>, <c>last</c> and <c>join</c> as filters. Anything else is refused by its text.
/// </summary>
internal static class Template
{
    /// <summary>Fills in a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="values">The values by name.</param>
    /// <param name="kind">Whose template it is.</param>
    /// <exception cref="FormatException">It has more than this part of the language, or a value that no text can be made of; the message says what.</exception>
    public static string Render(string template, JsonObject values, TemplateKind kind)
    {
        if (template.Contains("{%", StringComparison.Ordinal)) throw new FormatException("the template has {% ... %}, which is a program");
        if (template.Contains("{#", StringComparison.Ordinal)) throw new FormatException("the template has a comment {# ... #}, which is not understood here");
        var text = new StringBuilder();
        var at = 0;
        while (template.IndexOf("{{", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) throw new FormatException("the template has {{ without }}");
            text.Append(template, at, open - at);
            var inside = template[(open + 2)..close];
            if (inside is ['-', ..] or [.., '-']) throw new FormatException($"{{{{{inside}}}}} takes blanks away around itself, which is not understood here");
            text.Append(AsText(new Reader(inside, kind).Value(values), inside, kind));
            at = close + 2;
        }

        return text.Append(template, at, template.Length - at).ToString();
    }

    private static string AsText(JsonNode? value, string inside, TemplateKind kind) => value switch
    {
        JsonValue text when text.TryGetValue<string>(out var t) => t,
        JsonArray or JsonObject => throw new FormatException($"{{{{{inside}}}}} is a list or an object, not a text"),
        null => kind == TemplateKind.Jinja ? "None" : "",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => kind == TemplateKind.Jinja ? "True" : "true",
            JsonValueKind.False => kind == TemplateKind.Jinja ? "False" : "false",
            _ => value.ToJsonString(),
        },
    };

    /// <summary>One expression, read from left to right.</summary>
    private sealed class Reader(string text, TemplateKind kind)
    {
        private string _rest = text.Trim();

        public JsonNode? Value(JsonObject values)
        {
            var name = Take(@"^[A-Za-z_][A-Za-z0-9_]*") ?? throw Unknown();
            if (!values.TryGetPropertyValue(name, out var value) && kind == TemplateKind.Jinja) throw new FormatException($"there is no {name}");
            while (_rest.Length > 0)
            {
                value = Take(@"^\.[A-Za-z_][A-Za-z0-9_]*\s*\(") is { } method ? Call(method.Trim('.', '(', ' '), value, Arguments())
                    : Take(@"^\.[A-Za-z_][A-Za-z0-9_]*") is { } part ? Part(value, part[1..])
                    : Take(@"^\[\s*-?[0-9]+\s*\]") is { } index ? Index(value, int.Parse(index.Trim('[', ']', ' '), CultureInfo.InvariantCulture))
                    : Take(@"^\[\s*(""[^""\\]*""|'[^'\\]*')\s*\]") is { } key ? Part(value, key.Trim('[', ']', ' ')[1..^1])
                    : Take(@"^\s*\|\s*[a-z_]+") is { } filter ? Filter(filter.Trim(' ', '|', '\t'), value, Take(@"^\(") is null ? [] : Arguments())
                    : throw Unknown();
            }

            return value;
        }

        private FormatException Unknown() => new($"{{{{{text}}}}} is more than a value and simple filters");

        private string? Take(string pattern)
        {
            var match = Regex.Match(_rest, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (!match.Success) return null;
            _rest = _rest[match.Length..];
            return match.Value;
        }

        private List<string> Arguments()
        {
            var arguments = new List<string>();
            while (Take(@"^\s*\)") is null)
            {
                var argument = Take(@"^\s*(""[^""\\]*""|'[^'\\]*')\s*,?") ?? throw Unknown();
                arguments.Add(argument.Trim().TrimEnd(',').TrimEnd()[1..^1]);
            }

            return arguments;
        }

        private JsonNode? Part(JsonNode? value, string name) => value is JsonObject map && map.TryGetPropertyValue(name, out var part) ? part
            : kind == TemplateKind.Nunjucks ? null : throw new FormatException($"{{{{{text}}}}}: there is no {name}");

        private JsonNode? Index(JsonNode? value, int index)
        {
            if (value is JsonArray list && (index < 0 ? list.Count + index : index) is var at && at >= 0 && at < list.Count) return list[at];
            return kind == TemplateKind.Nunjucks ? null : throw new FormatException($"{{{{{text}}}}}: there is no item {index}");
        }

        private JsonNode? Call(string method, JsonNode? value, List<string> arguments)
        {
            if (ImportJson.Text(value) is not { } subject) throw new FormatException($"{{{{{text}}}}}: {method} is of a text");
            return (method, arguments) switch
            {
                ("strip", []) => subject.Trim(),
                ("strip", [var characters]) => subject.Trim(characters.ToCharArray()),
                ("lstrip", []) => subject.TrimStart(),
                ("rstrip", []) => subject.TrimEnd(),
                ("trim", []) when kind == TemplateKind.Nunjucks => subject.Trim(),
                ("lower", []) => subject.ToLowerInvariant(),
                ("upper", []) => subject.ToUpperInvariant(),
                ("replace", [{ Length: > 0 } old, var made]) => subject.Replace(old, made, StringComparison.Ordinal),
                ("split", [{ Length: > 0 } separator]) => ImportJson.Array(subject.Split(separator)),
                _ => throw Unknown(),
            };
        }

        private JsonNode? Filter(string filter, JsonNode? value, List<string> arguments) => (filter, value, arguments) switch
        {
            ("trim", _, []) => Call("strip", value, []),
            ("lower" or "upper" or "replace", _, _) => Call(filter, value, arguments),
            ("first", JsonArray list, []) => Index(list, 0),
            ("last", JsonArray list, []) => Index(list, -1),
            ("join", JsonArray list, [] or [_]) => string.Join(arguments.FirstOrDefault() ?? "", list.Select(n => AsText(n, text, kind))),
            _ => throw Unknown(),
        };
    }
}
