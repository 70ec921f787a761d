using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Slipway.Web.Languages;

/// <summary>
/// The one door through which the texts of the page go. The English sentence stands where it is shown and is the key in the languages' files, as with gettext:
/// <c>T("Deploy a model")</c>, <c>T("{0} of {1} ready", ready, wanted)</c>. A test finds all of them in the sources, so what is passed first is always a literal.
/// </summary>
internal static class Words
{
    /// <summary>A text in the language of whoever looks. Allocates nothing.</summary>
    public static string T(string text) => Language.Current.Of(text);

    /// <summary>A text with values in it. Numbers are as in English, whatever the language.</summary>
    public static string T(string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, Language.Current.Of(text), values);

    /// <summary>Notes a text for translation that is translated where it is shown: one that addresses or comparisons know, too.</summary>
    public static string N(string text) => text;

    /// <summary>A text about a number, which is <c>{0}</c> in it.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The text for one.</param>
    /// <param name="many">The text for any other number.</param>
    /// <param name="values">What else is in it, from <c>{1}</c> on.</param>
    public static string Count(long count, string one, string many, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.InvariantCulture, Language.Current.Of(count, one, many), [count, .. values]);

    /// <summary>A sentence with links, code or bold words in it, whole, so that a language may have them in its own order.</summary>
    /// <param name="text">The sentence, with <c>{0}</c> for the first of them.</param>
    /// <param name="parts">What stands there.</param>
    public static RenderFragment Sentence(string text, params RenderFragment[] parts) => builder =>
    {
        var rest = Language.Current.Of(text).AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            var close = open + rest[open..].IndexOf('}');
            builder.AddContent(0, rest[..open].ToString());
            builder.OpenRegion(1);
            parts[int.Parse(rest[(open + 1)..close], CultureInfo.InvariantCulture)](builder);
            builder.CloseRegion();
            rest = rest[(close + 1)..];
        }

        builder.AddContent(2, rest.ToString());
    };
}
