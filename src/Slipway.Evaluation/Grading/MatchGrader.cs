using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Measures;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>
/// The answer, or what a pattern extracts from it, is what is expected, begins or ends with it, or contains it; after as much normalising as <c>with</c> says. It
/// can say what most tools' matching says, so that their tests keep their scores when they are imported.
/// </summary>
public sealed class MatchGrader : AnswerGrader
{
    private readonly string _at, _trim, _normal;
    private readonly bool _ignoreCase, _ignorePunctuation;
    private readonly ImmutableArray<string> _values;
    private readonly ImmutableArray<Regex> _remove;
    private readonly Regex? _extract;
    private readonly int _select;
    private readonly string _fallback;

    private MatchGrader(Fields with)
    {
        _at = with.Word("at", "whole", "start", "end", "anywhere", "either");
        _values = with.Texts("values");
        _trim = with.Word("trim", "none", "blanks", "punctuation");
        _normal = with.Word("normal", "none", "squad");
        (_ignoreCase, _ignorePunctuation) = (with.Flag("ignoreCase"), with.Flag("ignorePunctuation"));
        _remove = [.. with.Texts("remove").Select(p => Pattern(with, "remove", p)).OfType<Regex>()];
        _extract = with.Text("extract") is { } pattern ? Pattern(with, "extract", pattern) : null;
        (_select, _fallback) = ((int)(with.Whole("select", -1000, 1000) ?? 0), with.Text("fallback") ?? "[invalid]");
        with.Done();
    }

    internal static IGrader Read(Fields with) => new MatchGrader(with);

    private static Regex? Pattern(Fields with, string name, string pattern)
    {
        var made = SafePattern.Read(pattern, ignoreCase: false, out var problem);
        if (made is null) with.Problem(name, $"{Quote.One(pattern)} {problem}");
        return made;
    }

    /// <inheritdoc/>
    public override void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        var texts = _values.IsEmpty ? expected : _values;
        if (texts.Count == 0) problem("needs something to match: expected, or with.values");
        if (_at is "start" or "end" or "anywhere" && texts.Any(e => Normal(e).Length == 0)) problem("matches an empty text, which every answer has");
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        ImmutableArray<string> expected = _values.IsEmpty ? prompt.Expected : _values;
        var found = Normal(Extracted(answer.Text));
        return Grading.Grade.Of(expected.Any(e => Matches(found, Normal(e))), $"expected {Quote.Any(expected)} ({_at}), not {Quote.One(_extract is null ? answer.Text : found)}");
    }

    private bool Matches(string found, string expected) => _at switch
    {
        "start" => found.StartsWith(expected, StringComparison.Ordinal),
        "end" => found.EndsWith(expected, StringComparison.Ordinal),
        "anywhere" => found.Contains(expected, StringComparison.Ordinal),
        // Nothing is contained in everything; it matches nothing but nothing.
        "either" when found.Length > 0 && expected.Length > 0 => found.Contains(expected, StringComparison.Ordinal) || expected.Contains(found, StringComparison.Ordinal),
        _ => found == expected,
    };

    // As lm-evaluation-harness' filter "regex": of all that is found the one that is selected, of its groups the first that has a text.
    private string Extracted(string text)
    {
        if (_extract is null) return text;
        var matches = _extract.Matches(text);
        var index = _select < 0 ? matches.Count + _select : _select;
        if (index < 0 || index >= matches.Count) return _fallback;
        var match = matches[index];
        return (match.Groups.Count == 1 ? match.Value : match.Groups.Values.Skip(1).Select(static g => g.Value).FirstOrDefault(static v => v.Length > 0) ?? "").Trim();
    }

    private string Normal(string text)
    {
        foreach (var pattern in _remove) text = pattern.Replace(text, "");
        if (_ignoreCase) text = text.ToLowerInvariant();
        if (_ignorePunctuation) text = string.Concat(text.Where(static c => !IsPunctuation(c)));
        if (_normal == "squad") text = Squad.Normalize(text);
        return _trim switch
        {
            "blanks" => text.Trim(),
            "punctuation" => TrimPunctuation(text),
            _ => text,
        };
    }

    private static string TrimPunctuation(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && (char.IsWhiteSpace(text[start]) || IsPunctuation(text[start]))) start++;
        while (end > start && (char.IsWhiteSpace(text[end - 1]) || IsPunctuation(text[end - 1]))) end--;
        return text[start..end];
    }

    // ASCII's, as Python's string.punctuation.
    private static bool IsPunctuation(char c) => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c));
}
