using System.Text;

namespace Slipway.Cel.Values;

/// <summary>Positions in strings by code point, where .NET counts UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1])) count--;
        }

        return count;
    }

    /// <returns>The UTF-16 offset of a code point that exists, or of the end.</returns>
    public static int Offset(string text, long index)
    {
        var at = 0;
        for (; index > 0 && at < text.Length; index--) at += Width(text, at);
        return at;
    }

    public static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    public static string Reverse(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = text.Length; i > 0;)
        {
            var width = i > 1 && char.IsSurrogatePair(text[i - 2], text[i - 1]) ? 2 : 1;
            i -= width;
            result.Append(text, i, width);
        }

        return result.ToString();
    }
}
