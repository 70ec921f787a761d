using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>The math extension (cel-spec tests math_ext).</summary>
internal static class MathExtension
{
    public static void Add(FunctionList list)
    {
        list.Add("math.greatest(dyn…): dyn", a => Extreme("math.@max", a, 1));
        list.Add("math.least(dyn…): dyn", a => Extreme("math.@min", a, -1));
        list.AddCheap("math.ceil(double): double", a => new DoubleValue(Math.Ceiling(a[0].Double())));
        list.AddCheap("math.floor(double): double", a => new DoubleValue(Math.Floor(a[0].Double())));
        list.AddCheap("math.round(double): double", a => new DoubleValue(Math.Round(a[0].Double(), MidpointRounding.AwayFromZero)));
        list.AddCheap("math.trunc(double): double", a => new DoubleValue(Math.Truncate(a[0].Double())));
        list.AddCheap("math.isInf(double): bool", a => BoolValue.Of(double.IsInfinity(a[0].Double())));
        list.AddCheap("math.isNaN(double): bool", a => BoolValue.Of(double.IsNaN(a[0].Double())));
        list.AddCheap("math.isFinite(double): bool", a => BoolValue.Of(double.IsFinite(a[0].Double())));
        list.AddCheap("math.abs(int): int", a => a[0].Int() == long.MinValue ? ErrorValue.IntOverflow : new IntValue(Math.Abs(a[0].Int())));
        list.AddCheap("math.abs(uint): uint", a => a[0]);
        list.AddCheap("math.abs(double): double", a => new DoubleValue(Math.Abs(a[0].Double())));
        list.AddCheap("math.sign(int): int", a => new IntValue(Math.Sign(a[0].Int())));
        list.AddCheap("math.sign(uint): uint", a => new UintValue(a[0].Uint() == 0 ? 0UL : 1));
        list.AddCheap("math.sign(double): double", a => double.IsNaN(a[0].Double()) ? a[0] : new DoubleValue(Math.Sign(a[0].Double())));
        foreach (var type in new[] { "int", "uint", "double" }) list.AddCheap($"math.sqrt({type}): double", a => new DoubleValue(Math.Sqrt(a[0].Double())));

        list.AddCheap("math.bitAnd(int, int): int", a => new IntValue(a[0].Int() & a[1].Int()));
        list.AddCheap("math.bitAnd(uint, uint): uint", a => new UintValue(a[0].Uint() & a[1].Uint()));
        list.AddCheap("math.bitOr(int, int): int", a => new IntValue(a[0].Int() | a[1].Int()));
        list.AddCheap("math.bitOr(uint, uint): uint", a => new UintValue(a[0].Uint() | a[1].Uint()));
        list.AddCheap("math.bitXor(int, int): int", a => new IntValue(a[0].Int() ^ a[1].Int()));
        list.AddCheap("math.bitXor(uint, uint): uint", a => new UintValue(a[0].Uint() ^ a[1].Uint()));
        list.AddCheap("math.bitNot(int): int", a => new IntValue(~a[0].Int()));
        list.AddCheap("math.bitNot(uint): uint", a => new UintValue(~a[0].Uint()));
        Shift(list, "math.bitShiftLeft", (bits, by) => bits << by);
        Shift(list, "math.bitShiftRight", (bits, by) => bits >> by);
    }

    /// <summary>Shifts move zeros in, for int too; 64 or more leave nothing.</summary>
    private static void Shift(FunctionList list, string name, Func<ulong, int, ulong> shift)
    {
        CelValue? Refused(long by) => by < 0 ? Arg.Error($"{name}() negative offset: {by}") : null;
        ulong Bits(ulong bits, long by) => by > 63 ? 0 : shift(bits, (int)by);
        list.AddCheap($"{name}(int, int): int", a => Refused(a[1].Int()) ?? new IntValue((long)Bits((ulong)a[0].Int(), a[1].Int())));
        list.AddCheap($"{name}(uint, int): uint", a => Refused(a[1].Int()) ?? new UintValue(Bits(a[0].Uint(), a[1].Int())));
    }

    private static CelValue Extreme(string name, ReadOnlySpan<CelValue> arguments, int sign)
    {
        var values = arguments is [ListValue list] ? list.Items : arguments;
        if (values.IsEmpty) return Arg.Error($"{name}(list) argument must not be empty");
        var best = values[0];
        foreach (var value in values)
        {
            if (value is not NumberValue) return ErrorValue.NoOverload(name);
            if (Ordering.Compare(value, best) == sign) best = value;
        }

        return best;
    }
}
