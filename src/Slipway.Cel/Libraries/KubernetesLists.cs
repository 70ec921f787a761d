using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>sum, min, max, isSorted, indexOf, lastIndexOf of lists (k8s.io/apiserver, library/lists.go).</summary>
internal static class KubernetesLists
{
    public static void Add(FunctionList list)
    {
        var plus = new FunctionList();
        Arithmetic.Add(plus);
        foreach (var (type, zero) in new (string, CelValue)[]
        {
            ("int", new IntValue(0)), ("uint", new UintValue(0)), ("double", new DoubleValue(0)), ("duration", new DurationValue(0)),
        })
        {
            var adder = plus.Overloads.Find(o => o.Name == "_+_" && o.Parameters.All(p => p.Equals(CelType.Parse(type))))!;
            list.Add($"sum(this list({type})): {type}", a => Sum(plus.Overloads, a[0].Items(), adder, zero));
        }

        list.Add("min(this list(<T>)): <T>", a => Extreme("min", a[0].Items(), -1));
        list.Add("max(this list(<T>)): <T>", a => Extreme("max", a[0].Items(), 1));
        list.Add("isSorted(this list(<T>)): bool", a => IsSorted(a[0].Items()));
        list.Add("indexOf(this list(<T>), <T>): int", a => new IntValue(Array.IndexOf(a[0].Items(), a[1])));
        list.Add("lastIndexOf(this list(<T>), <T>): int", a => new IntValue(Array.LastIndexOf(a[0].Items(), a[1])));
    }

    private static CelValue Sum(List<Overload> plus, CelValue[] items, Overload declared, CelValue zero)
    {
        if (items.Length == 0) return zero;
        var sum = items[0];
        var adder = declared.Matches([sum, sum]) ? declared : plus.Find(o => o.Name == "_+_" && sum is not (StringValue or BytesValue or ListValue) && o.Matches([sum, sum]));
        for (var i = 1; i < items.Length; i++)
        {
            if (adder is null || !adder.Matches([sum, items[i]])) return ErrorValue.NoOverload("sum");
            sum = adder.Body([sum, items[i]]);
            if (sum is ErrorValue) return sum;
        }

        return adder is null ? ErrorValue.NoOverload("sum") : sum;
    }

    private static CelValue Extreme(string name, CelValue[] items, int sign)
    {
        if (items.Length == 0) return Arg.Error($"{name} called on empty list");
        var best = items[0];
        foreach (var item in items)
        {
            if (Ordering.Compare(item, best) is not { } order) return ErrorValue.NoOverload(name);
            if (Math.Sign(order) == sign && order != Ordering.Unordered) best = item;
        }

        return best;
    }

    private static CelValue IsSorted(CelValue[] items)
    {
        for (var i = 1; i < items.Length; i++)
        {
            if (Ordering.Compare(items[i - 1], items[i]) is not { } order) return ErrorValue.NoOverload("isSorted");
            if (order == 1) return BoolValue.False;
        }

        return BoolValue.True;
    }
}
