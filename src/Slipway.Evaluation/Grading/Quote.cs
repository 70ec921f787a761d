namespace Slipway.Evaluation.Grading;

/// <summary>Texts of models in reasons: in quotes, on one line, cut.</summary>
internal static class Quote
{
    private const int Most = 80;

    public static string One(string text)
    {
        var line = string.Concat(text.Take(Most + 1).Select(static c => char.IsControl(c) ? ' ' : c));
        return line.Length > Most ? $"\"{line[..Most]}...\"" : $"\"{line}\"";
    }

    public static string Any(IReadOnlyList<string> texts) => texts.Count <= 3 ? string.Join(" or ", texts.Select(One)) : $"{One(texts[0])} or {texts.Count - 1} others";
}
