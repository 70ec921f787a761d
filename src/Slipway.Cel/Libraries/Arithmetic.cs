using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>+ - * / % and negation (CEL spec, "Numeric Values": integers never wrap, doubles follow IEEE 754).</summary>
internal static class Arithmetic
{
    public static void Add(FunctionList list)
    {
        list.AddCheap("`_+_`(int, int): int", a => Int((Int128)a[0].Int() + a[1].Int()));
        list.AddCheap("`_-_`(int, int): int", a => Int((Int128)a[0].Int() - a[1].Int()));
        list.AddCheap("`_*_`(int, int): int", a => Int((Int128)a[0].Int() * a[1].Int()));
        list.AddCheap("`_/_`(int, int): int", a => a[1].Int() == 0 ? Arg.Error("division by zero") : Int((Int128)a[0].Int() / a[1].Int()));
        list.AddCheap("`_%_`(int, int): int", a => a[1].Int() == 0 ? Arg.Error("modulus by zero") : Int((Int128)a[0].Int() % a[1].Int()));
        list.AddCheap("`-_`(int): int", a => Int(-(Int128)a[0].Int()));

        list.AddCheap("`_+_`(uint, uint): uint", a => Uint((Int128)a[0].Uint() + a[1].Uint()));
        list.AddCheap("`_-_`(uint, uint): uint", a => Uint((Int128)a[0].Uint() - a[1].Uint()));
        list.AddCheap("`_*_`(uint, uint): uint", a => Uint((UInt128)a[0].Uint() * a[1].Uint()));
        list.AddCheap("`_/_`(uint, uint): uint", a => a[1].Uint() == 0 ? Arg.Error("division by zero") : new UintValue(a[0].Uint() / a[1].Uint()));
        list.AddCheap("`_%_`(uint, uint): uint", a => a[1].Uint() == 0 ? Arg.Error("modulus by zero") : new UintValue(a[0].Uint() % a[1].Uint()));

        list.AddCheap("`_+_`(double, double): double", a => new DoubleValue(a[0].Double() + a[1].Double()));
        list.AddCheap("`_-_`(double, double): double", a => new DoubleValue(a[0].Double() - a[1].Double()));
        list.AddCheap("`_*_`(double, double): double", a => new DoubleValue(a[0].Double() * a[1].Double()));
        list.AddCheap("`_/_`(double, double): double", a => new DoubleValue(a[0].Double() / a[1].Double()));
        list.AddCheap("`-_`(double): double", a => new DoubleValue(-a[0].Double()));

        list.Add("`_+_`(string, string): string", a => Arg.String(a[0].Text() + a[1].Text()));
        list.Add("`_+_`(bytes, bytes): bytes", a => new BytesValue([.. a[0].Bytes(), .. a[1].Bytes()]));
        list.Add("`_+_`(list(<T>), list(<T>)): list(<T>)", a => ((ListValue)a[0]).Plus((ListValue)a[1]));

        list.AddCheap("`_+_`(timestamp, duration): timestamp", a => TimestampValue.Of(a[0].Time().Total + a[1].Duration().Nanoseconds));
        list.AddCheap("`_+_`(duration, timestamp): timestamp", a => TimestampValue.Of(a[1].Time().Total + a[0].Duration().Nanoseconds));
        list.AddCheap("`_+_`(duration, duration): duration", a => DurationValue.Of((Int128)a[0].Duration().Nanoseconds + a[1].Duration().Nanoseconds));
        list.AddCheap("`_-_`(timestamp, duration): timestamp", a => TimestampValue.Of(a[0].Time().Total - a[1].Duration().Nanoseconds));
        list.AddCheap("`_-_`(timestamp, timestamp): duration", a => DurationValue.Of(a[0].Time().Total - a[1].Time().Total));
        list.AddCheap("`_-_`(duration, duration): duration", a => DurationValue.Of((Int128)a[0].Duration().Nanoseconds - a[1].Duration().Nanoseconds));
    }

    private static CelValue Int(Int128 value) => value < long.MinValue || value > long.MaxValue ? ErrorValue.IntOverflow : new IntValue((long)value);

    private static CelValue Uint(Int128 value) => value < 0 || value > ulong.MaxValue ? ErrorValue.IntOverflow : new UintValue((ulong)value);

    private static CelValue Uint(UInt128 value) => value > ulong.MaxValue ? ErrorValue.IntOverflow : new UintValue((ulong)value);
}
