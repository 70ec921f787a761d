using System.Reflection;

namespace Slipway.Web.Languages;

/// <summary>A language that the page speaks. This one is English, in which the page is written: each text is its own translation.</summary>
/// <param name="code">The language's code (BCP 47), such as <c>de</c>; it stands in <c>html lang</c>.</param>
/// <param name="name">The language's own name for itself.</param>
internal class Language(string code, string name)
{
    // It goes with requests and circuits as a culture does, yet says nothing of numbers and dates: those are the same in all languages.
    private static readonly AsyncLocal<Language?> s_current = new();

    public static Language English { get; } = new("en", "English");

    /// <summary>All that there are, English first: a file <c>words.CODE.json</c> beside this one makes a language.</summary>
    public static IReadOnlyList<Language> All { get; } = [English, .. TranslatedLanguage.Bundled(Assembly.GetExecutingAssembly())];

    /// <summary>The language of the request or circuit that is being answered; English where nobody chose one.</summary>
    public static Language Current
    {
        get => s_current.Value ?? English;
        set => s_current.Value = value;
    }

    public string Code { get; } = code;

    public string Name { get; } = name;

    /// <summary>The language of a code, such as <c>de</c> or <c>de-AT</c>; null when there is none.</summary>
    public static Language? Find(ReadOnlySpan<char> code)
    {
        var main = code.IndexOf('-') is > 0 and var end ? code[..end] : code;
        foreach (var language in All)
            if (main.Equals(language.Code, StringComparison.OrdinalIgnoreCase)) return language;
        return null;
    }

    /// <summary>A text in this language; the English one where it is not translated.</summary>
    public virtual string Of(string text) => text;

    /// <summary>A text about a number, in the form that the number takes in this language.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The English text for one.</param>
    /// <param name="many">The English text for any other number.</param>
    public virtual string Of(long count, string one, string many) => count == 1 ? one : many;
}
