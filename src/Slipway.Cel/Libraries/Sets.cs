using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>The sets extension: lists as sets by CEL's equality.</summary>
internal static class Sets
{
    public static void Add(FunctionList list)
    {
        list.Add("sets.contains(list(<T>), list(<T>)): bool", a => BoolValue.Of(Contains(a[0].Items(), a[1].Items())));
        list.Add("sets.equivalent(list(<T>), list(<T>)): bool", a => BoolValue.Of(Contains(a[0].Items(), a[1].Items()) && Contains(a[1].Items(), a[0].Items())));
        list.Add("sets.intersects(list(<T>), list(<T>)): bool", a => BoolValue.Of(Array.Exists(a[1].Items(), Set(a[0].Items()).Contains)));
    }

    // Hashing keeps the work linear; equal values have equal hashes across numeric kinds.
    private static HashSet<CelValue> Set(CelValue[] items) => [.. items];

    private static bool Contains(CelValue[] items, CelValue[] part) => Array.TrueForAll(part, Set(items).Contains);
}
