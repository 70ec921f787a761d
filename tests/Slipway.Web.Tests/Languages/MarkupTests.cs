using System.Text.RegularExpressions;

namespace Slipway.Web.Tests.Languages;

/// <summary>What is written into the markup of a page by hand, where no test draws it, too.</summary>
public sealed partial class MarkupTests
{
    [Fact]
    public void No_text_stands_in_markup_past_the_door()
    {
        var past = new List<string>();
        foreach (var (file, source) in SourceTexts.Files.Where(static f => f.Key.EndsWith(".razor", StringComparison.Ordinal)))
        {
            var end = source.IndexOf("\n@code", StringComparison.Ordinal);
            var markup = NoText().Replace(end < 0 ? source : source[..end], "");
            past.AddRange(Text().Matches(markup).Select(m => $"{file}: {m.Groups["text"].Value}"));
            past.AddRange(Attribute().Matches(markup).Select(m => $"{file}: {m.Value.Trim()}"));
        }

        Assert.True(past.Count == 0, "Say them as @T(\"…\"), or as @Sentence where there is markup within:\n" + string.Join('\n', past));
    }

    // Comments, code, the fields of a manifest by their names, and the name.
    [GeneratedRegex(@"@\*.*?\*@|<(code|pre)[^>]*>.*?</\1>|<span>(metadata|spec)\.[A-Za-z.]+</span>|<span>Slipway</span>|- Slipway(?=</)|openapi\.json|var shown = Shown;|break;\s+case StepState\.\w+:", RegexOptions.Singleline)]
    private static partial Regex NoText();

    [GeneratedRegex(@"(?<![=\s-])>(?<text>[^<>@{}""]*\p{L}{2}[^<>@{}""]*)(<[a-zA-Z/]|@)", RegexOptions.ExplicitCapture)]
    private static partial Regex Text();

    // Placeholders that are values, as default and 10, 50, have no capital and no blank before a letter.
    [GeneratedRegex(@"\s(Title|Message|Hint|aria-label|title|data-label)=""[^""@]*\p{L}{2}[^""@]*""|\splaceholder=""[^""@]*\p{L} \p{L}[^""@]*""", RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();
}
