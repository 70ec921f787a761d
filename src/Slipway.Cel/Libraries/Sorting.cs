using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

internal static class Sorting
{
    /// <summary>The items in the stable order of their keys, which must all be of one kind that has an order.</summary>
    public static CelValue By(CelValue[] items, CelValue[] keys)
    {
        if (Array.Exists(keys, k => k.Kind != keys[0].Kind || Ordering.Compare(k, k) is null))
        {
            return Arg.Error("list elements must have the same, comparable type");
        }

        var order = Enumerable.Range(0, items.Length).Order(Comparer<int>.Create((x, y) =>
            Ordering.Compare(keys[x], keys[y]) is { } c && c is -1 or 1 ? c : x.CompareTo(y)));
        return new ListValue([.. order.Select(i => items[i])]);
    }
}
