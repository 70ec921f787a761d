using Slipway.ApiServer.Http;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Selectors;

/// <summary>A selector of the <c>labelSelector</c> parameter: requirements joined by commas.</summary>
internal sealed class LabelSelector
{
    private readonly List<Requirement> _requirements = [];

    public bool IsEmpty => _requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (var part in Split(text ?? "")) selector._requirements.Add(Requirement.Parse(part));
        return selector;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
            if (!requirement.Matches(labels)) return false;
        return true;
    }

    private static IEnumerable<string> Split(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                var part = text[start..i].Trim();
                if (part.Length > 0) yield return part;
                start = i + 1;
            }
            else if (text[i] == '(') depth++;
            else if (text[i] == ')') depth--;
        }
    }

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public static Requirement Parse(string text)
        {
            if (text[0] == '!') return Checked(new(text[1..].Trim(), "!", []), text);
            foreach (var op in (string[])[" notin ", " in "])
            {
                var at = text.IndexOf(op, StringComparison.Ordinal);
                if (at < 0) continue;
                var list = text[(at + op.Length)..].Trim();
                if (list.Length < 2 || list[0] != '(' || list[^1] != ')') throw Fault(text, "expected '(' and ')' around the values");
                return Checked(new(text[..at].Trim(), op.Trim(), list[1..^1].Split(',', StringSplitOptions.TrimEntries)), text);
            }

            foreach (var op in (string[])["!=", "==", "=", ">", "<"])
            {
                var at = text.IndexOf(op, StringComparison.Ordinal);
                if (at < 0) continue;
                return Checked(new(text[..at].Trim(), op == "==" ? "=" : op, [text[(at + op.Length)..].Trim()]), text);
            }

            return Checked(new(text, "exists", []), text);
        }

        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var has = labels.TryGetValue(Key, out var value);
            return Operator switch
            {
                "!" => !has,
                "exists" => has,
                "in" or "=" => has && Values.Contains(value, StringComparer.Ordinal),
                "notin" or "!=" => !has || !Values.Contains(value, StringComparer.Ordinal),
                ">" => long.TryParse(value, out var a) && long.TryParse(Values[0], out var b) && a > b,
                _ => long.TryParse(value, out var a) && long.TryParse(Values[0], out var b) && a < b,
            };
        }

        private static Requirement Checked(Requirement requirement, string text)
        {
            if (Names.QualifiedNameFault(requirement.Key) is { } fault) throw Fault(text, fault);
            foreach (var value in requirement.Values)
                if (Names.LabelValueFault(value) is { } wrong) throw Fault(text, wrong);
            return requirement;
        }

        private static ApiException Fault(string text, string why) => Errors.BadRequest($"unable to parse requirement: {text}: {why}");
    }
}
