using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Web.Languages;

namespace Slipway.Web.Tests.Languages;

/// <summary>The files of languages say all that the sources say, and nothing else. To write the list of texts anew: SLIPWAY_UPDATE=1 dotnet test.</summary>
public sealed partial class LanguageFileTests
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SortedDictionary<string, string> s_texts = SourceTexts.Read();

    public static TheoryData<string> Codes => [.. Language.All.OfType<TranslatedLanguage>().Select(static l => l.Code)];

    [Fact]
    public void The_list_of_texts_is_what_the_sources_say()
    {
        var path = Path.Combine(SourceTexts.Folder, "Languages", "words.json");
        var now = JsonSerializer.Serialize(s_texts, s_readable) + "\n";
        if (Environment.GetEnvironmentVariable("SLIPWAY_UPDATE") == "1") File.WriteAllText(path, now);
        Assert.Equal(now, File.ReadAllText(path));
    }

    [Fact]
    public void Texts_about_a_number_that_begin_alike_go_on_alike() => Assert.Distinct(
        s_texts.Keys.Where(static t => t.Contains(TranslatedLanguage.Between, StringComparison.Ordinal)).Select(static t => t.Split(TranslatedLanguage.Between)[0]));

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_language_says_every_text_and_none_that_is_no_longer_there(string code)
    {
        var translated = Of(code).Texts;
        Assert.Empty(s_texts.Keys.Except(translated.Keys));
        Assert.Empty(translated.Keys.Except(s_texts.Keys));
        Assert.DoesNotContain(translated, static t => string.IsNullOrWhiteSpace(t.Value));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_translation_has_the_values_of_its_text_and_the_blanks_around_it(string code)
    {
        foreach (var (text, translation) in Of(code).Texts)
        {
            // Each form is a sentence of its own.
            foreach (var form in translation.Split(TranslatedLanguage.Between)) Assert.True(Values(text).IsSupersetOf(Values(form)), $"{text} -> {form}");
            Assert.True(Values(text).SetEquals(Values(translation)), $"{text} -> {translation}");
            Assert.Equal((text[0] == ' ', text[^1] == ' '), (translation[0] == ' ', translation[^1] == ' '));
        }
    }

    [Fact]
    public void A_file_without_a_name_or_with_a_rule_that_is_not_known_is_refused()
    {
        Assert.Contains("$name", Assert.Throws<FormatException>(static () => Read("{}")).Message, StringComparison.Ordinal);
        Assert.Contains("$plurals", Assert.Throws<FormatException>(static () => Read("""{"$name": "X", "$plurals": "two"}""")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one", "many one many")]
    [InlineData("zero and one", "one one many")]
    [InlineData("none", "one one one")]
    public void A_number_takes_the_form_that_the_language_has_for_it(string rule, string forms)
    {
        var language = Read($$"""{"$name": "X", "$plurals": "{{rule}}", "{0} node | {0} nodes": "one | many"}""");
        Assert.Equal(forms, string.Join(' ', new[] { 0, 1, 2 }.Select(n => language.Of(n, "{0} node", "{0} nodes"))));
        Assert.Equal("{0} pods", language.Of(2, "{0} pod", "{0} pods"));
    }

    private static TranslatedLanguage Of(string code) => (TranslatedLanguage)Language.Find(code)!;

    private static TranslatedLanguage Read(string json) => TranslatedLanguage.Read("xx", new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static HashSet<string> Values(string text) => [.. Value().Matches(text).Select(static m => m.Value)];

    [GeneratedRegex(@"\{[0-9][^{}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
