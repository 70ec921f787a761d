using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>The lists extension, version 3, as Kubernetes' "ext lists" has it; sortBy is a macro.</summary>
internal static class Lists
{
    private const int MaxRange = 1_000_000;

    public static void Add(FunctionList list)
    {
        list.Add("slice(this list(<T>), int, int): list(<T>)", a => Slice(a[0].Items(), a[1].Int(), a[2].Int()));
        list.Add("flatten(this list(list(<T>))): list(<T>)", a => Flatten(a[0].Items(), 1));
        list.Add("flatten(this list(dyn)): list(dyn)", a => Flatten(a[0].Items(), 1));
        list.Add("flatten(this list(dyn), int): list(dyn)", a => a[1].Int() < 0 ? Arg.Error("level must be non-negative") : Flatten(a[0].Items(), a[1].Int()));
        list.Add("sort(this list(<T>)): list(<T>)", a => Sorting.By(a[0].Items(), a[0].Items()));
        list.Add("distinct(this list(<T>)): list(<T>)", a => new ListValue([.. a[0].Items().Distinct()]));
        list.Add("reverse(this list(<T>)): list(<T>)", a => new ListValue([.. a[0].Items().Reverse()]));
        list.Add("first(this list(<T>)): optional_type(<T>)", a => a[0].Items() is [var first, ..] ? OptionalValue.Of(first) : OptionalValue.None);
        list.Add("last(this list(<T>)): optional_type(<T>)", a => a[0].Items() is [.., var last] ? OptionalValue.Of(last) : OptionalValue.None);
        list.Add("lists.range(int): list(int)", a => Range(a[0].Int()));
    }

    private static CelValue Range(long count) => count > MaxRange
        ? Arg.Error($"lists.range({count}) is longer than {MaxRange}")
        : new ListValue([.. Enumerable.Range(0, (int)Math.Max(0, count)).Select(i => new IntValue(i))]);

    private static CelValue Slice(CelValue[] items, long start, long end)
    {
        if (start < 0 || end < 0) return Arg.Error($"cannot slice({start}, {end}), negative indexes not supported");
        if (start > end) return Arg.Error($"cannot slice({start}, {end}), start index must be less than or equal to end index");
        if (end > items.Length) return Arg.Error($"cannot slice({start}, {end}), list is length {items.Length}");
        return new ListValue(items[(int)start..(int)end]);
    }

    private static ListValue Flatten(CelValue[] items, long levels)
    {
        List<CelValue> flat = [];
        void Into(CelValue[] from, long left)
        {
            foreach (var item in from)
            {
                if (left > 0 && item is ListValue inner) Into(inner.Items, left - 1);
                else flat.Add(item);
            }
        }

        Into(items, levels);
        return new ListValue([.. flat]);
    }
}
