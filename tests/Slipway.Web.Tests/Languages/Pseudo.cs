using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Slipway.Web.Languages;

namespace Slipway.Web.Tests.Languages;

/// <summary>A language that puts every text into ⟦ and ⟧, so that what did not go through the door can be told: it stands outside of them.</summary>
internal sealed partial class Pseudo() : Language("qps", "Pseudo")
{
    // What says something to people, and is no data.
    private static readonly string[] s_attributes = ["aria-label", "title", "placeholder", "alt", "data-label", "data-copied", "data-not-copied", "data-next", "data-done"];

    public override string Of(string text) => $"⟦{text}⟧";

    public override string Of(long count, string one, string many) => Of(base.Of(count, one, many));

    /// <summary>The texts of elements and of their attributes that are in no brackets; values that tests give, as names, are left out.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="data">What is data there, as a pattern.</param>
    public static IEnumerable<string> Past(IEnumerable<IElement> elements, string data)
    {
        foreach (var element in elements.SelectMany(static e => e.QuerySelectorAll("*").Prepend(e)))
        {
            foreach (var attribute in s_attributes)
                if (element.GetAttribute(attribute) is { } value && Left(value, data) is { } left) yield return $"<{element.LocalName} {attribute}>: {left} of {value}";
            // The code of programs and manifests; what a language is called in itself.
            if (element.Closest("code, pre, textarea, script, style, [lang]") is not null) continue;
            // What an element within says stands in brackets of its own, or is data.
            var own = string.Concat(element.ChildNodes.Select(static n => n is IText text ? text.Data : " "));
            if (Left(own, data) is { } words) yield return $"<{element.LocalName}>: {words} of {own.Trim()}";
        }
    }

    private static string? Left(string text, string data)
    {
        var (outside, depth) = (new StringBuilder(), 0);
        foreach (var c in text)
        {
            if (c == '⟦') depth++;
            else if (c == '⟧') depth--;
            else outside.Append(depth == 0 ? c : ' ');
        }

        if (depth != 0) return "brackets that do not match";
        var left = Unit().Replace(Regex.Replace(outside.ToString(), data, " ", RegexOptions.NonBacktracking), " ");
        return left.Any(char.IsLetter) ? left.Trim() : null;
    }

    // Units and currencies are the same everywhere, and so is the name.
    [GeneratedRegex(@"\b[0-9.]*([KMGT]iB|B|ms|s|h|min|k|M|USD|UTC|Slipway|x)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Unit();
}
