using System.Text;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>The strings extension (cel-spec tests string_ext); positions count code points.</summary>
internal static class Strings
{
    /// <summary>No single call makes a longer string, whatever the budget: its memory is needed before its cost is known.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    public static void Add(FunctionList list) => Add(list, withReverse: true);

    /// <summary>Adds version 2 of the extension, or with reverse version 3; the other functions are alike.</summary>
    public static void Add(FunctionList list, bool withReverse)
    {
        list.Add("charAt(this string, int): string", a => CharAt(a[0].Text(), a[1].Int()));
        list.AddSearch("indexOf(this string, string): int", a => IndexOf(a[0].Text(), a[1].Text(), 0));
        list.AddSearch("indexOf(this string, string, int): int", a => IndexOf(a[0].Text(), a[1].Text(), a[2].Int()));
        list.AddSearch("lastIndexOf(this string, string): int", a => LastIndexOf(a[0].Text(), a[1].Text(), null));
        list.AddSearch("lastIndexOf(this string, string, int): int", a => LastIndexOf(a[0].Text(), a[1].Text(), a[2].Int()));
        list.Add("lowerAscii(this string): string", a => Arg.String(Map(a[0].Text(), char.IsAsciiLetterUpper, 'a' - 'A')));
        list.Add("upperAscii(this string): string", a => Arg.String(Map(a[0].Text(), char.IsAsciiLetterLower, 'A' - 'a')));
        list.AddSearch("replace(this string, string, string): string", a => Replace(a[0].Text(), a[1].Text(), a[2].Text(), -1));
        list.AddSearch("replace(this string, string, string, int): string", a => Replace(a[0].Text(), a[1].Text(), a[2].Text(), a[3].Int()));
        list.AddSearch("split(this string, string): list(string)", a => Split(a[0].Text(), a[1].Text(), -1));
        list.AddSearch("split(this string, string, int): list(string)", a => Split(a[0].Text(), a[1].Text(), a[2].Int()));
        list.Add("substring(this string, int): string", a => Substring(a[0].Text(), a[1].Int(), null));
        list.Add("substring(this string, int, int): string", a => Substring(a[0].Text(), a[1].Int(), a[2].Int()));
        list.Add("trim(this string): string", a => Arg.String(a[0].Text().Trim()));
        if (withReverse) list.Add("reverse(this string): string", a => Arg.String(CodePoints.Reverse(a[0].Text())));
        list.Add("join(this list(string)): string", a => Join(a[0].Items(), ""));
        list.Add("join(this list(string), string): string", a => Join(a[0].Items(), a[1].Text()));
        list.Add("strings.quote(string): string", a => Arg.String(Quote(a[0].Text())));
    }

    private static ErrorValue OutOfRange(long index) => new($"index out of range: {index}");

    private static CelValue CharAt(string text, long index)
    {
        var count = CodePoints.Count(text);
        if (index < 0 || index > count) return OutOfRange(index);
        if (index == count) return Arg.String("");
        var at = CodePoints.Offset(text, index);
        return Arg.String(text.Substring(at, CodePoints.Width(text, at)));
    }

    private static CelValue IndexOf(string text, string part, long from)
    {
        if (from < 0 || from > CodePoints.Count(text)) return OutOfRange(from);
        if (part.Length == 0) return new IntValue(from);
        var at = text.IndexOf(part, CodePoints.Offset(text, from), StringComparison.Ordinal);
        return new IntValue(at < 0 ? -1 : CodePoints.Count(text[..at]));
    }

    private static CelValue LastIndexOf(string text, string part, long? from)
    {
        var count = CodePoints.Count(text);
        if (from < 0 || from > count) return OutOfRange(from.Value);
        if (part.Length == 0) return new IntValue(from ?? count);
        var end = from is null ? text.Length : Math.Min(text.Length, CodePoints.Offset(text, from.Value) + part.Length);
        var at = text.AsSpan(0, end).LastIndexOf(part);
        return new IntValue(at < 0 ? -1 : CodePoints.Count(text[..at]));
    }

    private static string Map(string text, Func<char, bool> affected, int by) =>
        string.Create(text.Length, (text, affected, by), static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = s.affected(s.text[i]) ? (char)(s.text[i] + s.by) : s.text[i];
        });

    private static CelValue Replace(string text, string old, string with, long limit)
    {
        var result = new StringBuilder();
        var at = 0;
        for (long done = 0; limit < 0 || done < limit; done++)
        {
            // An empty text to replace stands before each character and at the end.
            var next = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal) : done == 0 ? 0 : at < text.Length ? at + CodePoints.Width(text, at) : -1;
            if (next < 0) break;
            result.Append(text, at, next - at).Append(with);
            if (result.Length > MaxLength) return Arg.Error("the string grows too long");
            at = next + old.Length;
        }

        return Arg.String(result.Append(text, at, text.Length - at).ToString());
    }

    private static CelValue Split(string text, string separator, long limit)
    {
        if (limit == 0) return ListValue.Empty;
        List<CelValue> parts = [];
        var at = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            if (separator.Length == 0)
            {
                if (at + CodePoints.Width(text, at) >= text.Length) break;
                var width = CodePoints.Width(text, at);
                parts.Add(Arg.String(text.Substring(at, width)));
                at += width;
                continue;
            }

            var next = text.IndexOf(separator, at, StringComparison.Ordinal);
            if (next < 0) break;
            parts.Add(Arg.String(text[at..next]));
            at = next + separator.Length;
        }

        if (separator.Length > 0 || at < text.Length) parts.Add(Arg.String(text[at..]));
        return new ListValue([.. parts]);
    }

    private static CelValue Substring(string text, long start, long? end)
    {
        var count = CodePoints.Count(text);
        if (start < 0 || start > count) return OutOfRange(start);
        if (end < 0 || end > count) return OutOfRange(end.Value);
        if (end < start) return Arg.Error($"invalid substring range. start: {start}, end: {end}");
        var from = CodePoints.Offset(text, start);
        return Arg.String(end is null ? text[from..] : text[from..CodePoints.Offset(text, end.Value)]);
    }

    private static CelValue Join(CelValue[] items, string separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is not StringValue item) return ErrorValue.NoOverload("join");
            result.Append(i == 0 ? "" : separator).Append(item.Value);
            if (result.Length > MaxLength) return Arg.Error("the string grows too long");
        }

        return Arg.String(result.ToString());
    }

    private static string Quote(string text)
    {
        var result = new StringBuilder("\"", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                7 => "\\a",
                8 => "\\b",
                12 => "\\f",
                10 => "\\n",
                13 => "\\r",
                9 => "\\t",
                11 => "\\v",
                '\\' => @"\\",
                '"' => "\\\"",
                _ => rune.ToString(),
            });
        }

        return result.Append('"').ToString();
    }
}
