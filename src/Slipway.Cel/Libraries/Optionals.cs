using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Optional values (cel-spec tests optionals); or and orValue are evaluated by a node, since their argument may not be needed.</summary>
internal static class Optionals
{
    public static void Add(FunctionList list)
    {
        list.AddCheap("optional.of(<T>): optional_type(<T>)", a => OptionalValue.Of(a[0]));
        list.AddCheap("optional.none(): optional_type(<T>)", _ => OptionalValue.None);
        list.AddCheap("optional.ofNonZeroValue(<T>): optional_type(<T>)", a => IsZero(a[0]) ? OptionalValue.None : OptionalValue.Of(a[0]));
        list.AddCheap("hasValue(this optional_type(<T>)): bool", a => BoolValue.Of(((OptionalValue)a[0]).Value is not null));
        list.AddCheap("value(this optional_type(<T>)): <T>", a => ((OptionalValue)a[0]).Value ?? Arg.Error("optional.none() dereference"));
        list.AddCheap("or(this optional_type(<T>), optional_type(<T>)): optional_type(<T>)", a => a[0]);
        list.AddCheap("orValue(this optional_type(<T>), <T>): <T>", a => a[0]);
        list.Add("optional.unwrap(list(optional_type(<T>))): list(<T>)", a => Unwrap(a[0].Items()));
        list.Add("unwrapOpt(this list(optional_type(<T>))): list(<T>)", a => Unwrap(a[0].Items()));
    }

    private static CelValue Unwrap(CelValue[] items) => Array.TrueForAll(items, i => i is OptionalValue)
        ? new ListValue([.. items.Select(i => ((OptionalValue)i).Value).OfType<CelValue>()])
        : ErrorValue.NoOverload("optional.unwrap");

    private static bool IsZero(CelValue value) => value switch
    {
        NullValue => true,
        BoolValue b => !b.Value,
        NumberValue n => n.AsDouble == 0,
        StringValue s => s.Value.Length == 0,
        BytesValue b => b.Value.Length == 0,
        ListValue l => l.Count == 0,
        MapValue m => m.Count == 0,
        DurationValue d => d.Nanoseconds == 0,
        TimestampValue t => t.Seconds == TimestampValue.Least && t.Nanos == 0,
        OptionalValue o => o.Value is null,
        _ => false,
    };
}
