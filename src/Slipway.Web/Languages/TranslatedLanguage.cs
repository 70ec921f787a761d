using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Slipway.Web.Languages;

/// <summary>A language from a file: a JSON object of English texts with what they are in it.</summary>
internal sealed class TranslatedLanguage : Language
{
    /// <summary>Between the forms of a text about a number, in keys and in translations.</summary>
    public const string Between = " | ";

    private const string NameKey = "$name", PluralsKey = "$plurals";

    private readonly FrozenDictionary<string, string> _texts;
    private readonly FrozenDictionary<string, string[]> _forms;
    private readonly Func<long, int> _form;

    private TranslatedLanguage(string code, string name, Dictionary<string, string> texts, Func<long, int> form)
        : base(code, name)
    {
        _texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
        _forms = texts.Where(static t => t.Key.Contains(Between, StringComparison.Ordinal))
            .ToFrozenDictionary(static t => t.Key[..t.Key.IndexOf(Between, StringComparison.Ordinal)], static t => t.Value.Split(Between), StringComparer.Ordinal);
        _form = form;
    }

    /// <summary>The English texts that are translated.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The languages whose files are in an assembly, by code.</summary>
    /// <param name="assembly">The assembly.</param>
    public static IEnumerable<Language> Bundled(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (resource.Split('.') is not ["languages/words", var code, "json"]) continue;
            using var stream = assembly.GetManifestResourceStream(resource)!;
            yield return Read(code, stream);
        }
    }

    /// <summary>Reads a language's file.</summary>
    /// <param name="code">The language's code.</param>
    /// <param name="json">The file. <c>$name</c> is the language's own name; <c>$plurals</c> says which numbers have forms of their own.</param>
    /// <exception cref="FormatException">It has no name, or a rule of plurals that is not known.</exception>
    public static TranslatedLanguage Read(string code, Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var texts = document.RootElement.EnumerateObject().ToDictionary(static t => t.Name, static t => t.Value.GetString()!, StringComparer.Ordinal);
        if (!texts.Remove(NameKey, out var name)) throw new FormatException($"words.{code}.json has no {NameKey}: the language's own name.");
        texts.Remove(PluralsKey, out var plurals);
        return new TranslatedLanguage(code, name, texts, plurals switch
        {
            "one" => static n => n == 1 ? 0 : 1,
            "zero and one" => static n => n is 0 or 1 ? 0 : 1,
            "none" => static _ => 0,
            _ => throw new FormatException($"words.{code}.json: {PluralsKey} is one, zero and one, or none. A language with more forms needs its rule here."),
        });
    }

    /// <inheritdoc/>
    public override string Of(string text) => _texts.GetValueOrDefault(text, text);

    /// <inheritdoc/>
    public override string Of(long count, string one, string many) => _forms.TryGetValue(one, out var forms) ? forms[Math.Min(_form(count), forms.Length - 1)] : base.Of(count, one, many);
}
