using System.Globalization;
using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>A version of semver.org 2.0.0; build metadata takes no part in comparison.</summary>
internal sealed class SemverValue(ulong[] numbers, string[] pre, string text) : OpaqueValue(TypeNames.Semver)
{
    public ulong[] Numbers { get; } = numbers;

    public string[] Pre { get; } = pre;

    /// <param name="text">The version.</param>
    /// <param name="normalize">Allow a leading v, leading zeros and missing minor or patch numbers.</param>
    public static SemverValue? Parse(string text, bool normalize)
    {
        if (normalize && text.StartsWith('v')) text = text[1..];
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var core = plus < 0 ? text : text[..plus];
        if (plus >= 0 && !text[(plus + 1)..].Split('.').All(IsIdentifier)) return null;
        var dash = core.IndexOf('-', StringComparison.Ordinal);
        var pre = dash < 0 ? [] : core[(dash + 1)..].Split('.');
        if (!pre.All(p => IsIdentifier(p) && !(p.Length > 1 && p[0] == '0' && p.All(char.IsAsciiDigit)))) return null;
        var parts = (dash < 0 ? core : core[..dash]).Split('.').ToList();
        if (normalize && parts.Count < 3 && (dash >= 0 || plus >= 0)) return null;
        while (normalize && parts.Count < 3) parts.Add("0");
        if (parts.Count != 3) return null;
        var numbers = new ulong[3];
        for (var i = 0; i < 3; i++)
        {
            if (!normalize && parts[i].Length > 1 && parts[i][0] == '0') return null;
            if (!ulong.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }

        var tail = (dash < 0 ? "" : core[dash..]) + (plus < 0 ? "" : text[plus..]);
        return new SemverValue(numbers, pre, string.Join('.', numbers) + tail);
    }

    public int Order(SemverValue other)
    {
        for (var i = 0; i < 3; i++)
        {
            if (Numbers[i] != other.Numbers[i]) return Numbers[i] < other.Numbers[i] ? -1 : 1;
        }

        if (Pre.Length == 0 || other.Pre.Length == 0) return other.Pre.Length.CompareTo(0) - Pre.Length.CompareTo(0);
        for (var i = 0; i < Math.Min(Pre.Length, other.Pre.Length); i++)
        {
            var order = Identifier(Pre[i], other.Pre[i]);
            if (order != 0) return order;
        }

        return Pre.Length.CompareTo(other.Pre.Length);
    }

    public override int GetHashCode() => HashCode.Combine(Numbers[0], Numbers[1], Numbers[2]);

    public override string ToString() => text;

    internal override bool IsEqual(CelValue other) => other is SemverValue version && Order(version) == 0;

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static int Identifier(string a, string b)
    {
        var (isA, isB) = (a.All(char.IsAsciiDigit), b.All(char.IsAsciiDigit));
        if (isA != isB) return isA ? -1 : 1;
        if (isA && a.Length != b.Length) return a.Length < b.Length ? -1 : 1;
        return Math.Sign(string.CompareOrdinal(a, b));
    }
}

/// <summary>k8s.io/apiserver, library/semverlib.go.</summary>
internal static class Semvers
{
    public static void Add(FunctionList list)
    {
        list.Add("semver(string): kubernetes.Semver", a => Parse(a[0].Text(), false));
        list.Add("semver(string, bool): kubernetes.Semver", a => Parse(a[0].Text(), a[1].Bool()));
        list.Add("isSemver(string): bool", a => BoolValue.Of(SemverValue.Parse(a[0].Text(), false) is not null));
        list.Add("isSemver(string, bool): bool", a => BoolValue.Of(SemverValue.Parse(a[0].Text(), a[1].Bool()) is not null));
        foreach (var (name, index) in new[] { ("major", 0), ("minor", 1), ("patch", 2) })
        {
            list.AddCheap($"{name}(this kubernetes.Semver): int", a => V(a[0]).Numbers[index] is var n && n <= long.MaxValue ? new IntValue((long)n) : ErrorValue.IntOverflow);
        }

        list.AddCheap("compareTo(this kubernetes.Semver, kubernetes.Semver): int", a => new IntValue(V(a[0]).Order(V(a[1]))));
        list.AddCheap("isLessThan(this kubernetes.Semver, kubernetes.Semver): bool", a => BoolValue.Of(V(a[0]).Order(V(a[1])) < 0));
        list.AddCheap("isGreaterThan(this kubernetes.Semver, kubernetes.Semver): bool", a => BoolValue.Of(V(a[0]).Order(V(a[1])) > 0));
    }

    private static SemverValue V(CelValue value) => (SemverValue)value;

    private static CelValue Parse(string text, bool normalize) => SemverValue.Parse(text, normalize) ?? Arg.Error($"semver parse error: '{text}' is no semantic version");
}
