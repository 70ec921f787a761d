using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>find and findAll (k8s.io/apiserver, library/regex.go).</summary>
internal static class RegexLibrary
{
    public static void Add(FunctionList list)
    {
        list.AddPattern("find(this string, string): string", a => Find(a[0].Text(), a[1].Text()));
        list.AddPattern("findAll(this string, string): list(string)", a => FindAll(a[0].Text(), a[1].Text(), -1));
        list.AddPattern("findAll(this string, string, int): list(string)", a => FindAll(a[0].Text(), a[1].Text(), a[2].Int()));
    }

    private static CelValue Find(string text, string pattern)
    {
        var (regex, error) = Patterns.Compile(pattern);
        return regex is null ? Arg.Error(error!) : Arg.String(regex.Match(text).Value);
    }

    private static CelValue FindAll(string text, string pattern, long limit)
    {
        var (regex, error) = Patterns.Compile(pattern);
        if (regex is null) return Arg.Error(error!);
        List<CelValue> found = [];
        for (var match = regex.Match(text); match.Success && (limit < 0 || found.Count < limit); match = match.NextMatch()) found.Add(Arg.String(match.Value));
        return new ListValue([.. found]);
    }
}
