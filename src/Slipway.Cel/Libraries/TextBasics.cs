using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>String functions of the standard definitions.</summary>
internal static class TextBasics
{
    public static void Add(FunctionList list)
    {
        list.AddSearch("contains(this string, string): bool", a => BoolValue.Of(a[0].Text().Contains(a[1].Text(), StringComparison.Ordinal)));
        list.Add("startsWith(this string, string): bool", a => BoolValue.Of(a[0].Text().StartsWith(a[1].Text(), StringComparison.Ordinal)));
        list.Add("endsWith(this string, string): bool", a => BoolValue.Of(a[0].Text().EndsWith(a[1].Text(), StringComparison.Ordinal)));
        list.AddPattern("matches(this string, string): bool", a => Matches(a[0].Text(), a[1].Text()));
        list.AddPattern("matches(string, string): bool", a => Matches(a[0].Text(), a[1].Text()));
    }

    private static CelValue Matches(string text, string pattern)
    {
        var (regex, error) = Patterns.Compile(pattern);
        return regex is null ? Arg.Error(error!) : BoolValue.Of(regex.IsMatch(text));
    }
}
