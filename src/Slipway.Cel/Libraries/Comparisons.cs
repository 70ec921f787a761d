using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Equality, order, membership and the logic operators' types (CEL spec, "List of Standard Definitions").</summary>
internal static class Comparisons
{
    private static readonly string[] s_ordered = ["bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration"];
    private static readonly string[] s_numbers = ["int", "uint", "double"];

    public static void Add(FunctionList list)
    {
        list.Add("`_==_`(<T>, <T>): bool", a => BoolValue.Of(a[0].IsEqual(a[1])));
        list.Add("`_!=_`(<T>, <T>): bool", a => BoolValue.Of(!a[0].IsEqual(a[1])));
        Order(list, "_<_", c => c == -1);
        Order(list, "_<=_", c => c is -1 or 0);
        Order(list, "_>_", c => c == 1);
        Order(list, "_>=_", c => c is 1 or 0);
        list.Add("`@in`(<T>, list(<T>)): bool", a => BoolValue.Of(((ListValue)a[1]).Contains(a[0])));
        list.AddCheap("`@in`(<K>, map(<K>, <V>)): bool", a => BoolValue.Of(((MapValue)a[1]).Find(a[0]) is not null));
        list.AddCheap("`!_`(bool): bool", a => BoolValue.Of(!a[0].Bool()));

        // Evaluated by nodes of their own, since they do not need all arguments; declared here for the checker.
        list.Add("`_&&_`(bool, bool): bool", a => a[0]);
        list.Add("`_||_`(bool, bool): bool", a => a[0]);
        list.Add("`_?_:_`(bool, <T>, <T>): <T>", a => a[1]);
    }

    private static void Order(FunctionList list, string name, Func<int, bool> holds)
    {
        void Declare(string a, string b) => list.Add($"`{name}`({a}, {b}): bool", v => BoolValue.Of(holds(Sign(Ordering.Compare(v[0], v[1])!.Value))));
        foreach (var type in s_ordered) Declare(type, type);
        foreach (var a in s_numbers)
        {
            foreach (var b in s_numbers.Where(b => b != a)) Declare(a, b);
        }
    }

    private static int Sign(int comparison) => comparison == Ordering.Unordered ? comparison : Math.Sign(comparison);
}
