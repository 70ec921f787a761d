using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

/// <summary>Fields and indexes (CEL spec, "Field Selection", and the optional syntax of cel-spec's optionals extension).</summary>
internal static class Selection
{
    public static CelValue Field(CelValue operand, string field) => operand switch
    {
        ErrorValue => operand,
        MapValue map => map.Find(field) ?? ErrorValue.NoSuchKey(new StringValue(field)),
        OptionalValue => OptionalField(operand, field),
        _ => new ErrorValue($"type '{operand.Type}' does not support field selection"),
    };

    public static CelValue OptionalField(CelValue operand, string field) => operand switch
    {
        ErrorValue => operand,
        MapValue map => map.Find(field) is { } value ? OptionalValue.Of(value) : OptionalValue.None,
        OptionalValue { Value: null } => operand,
        OptionalValue { Value: { } inner } => OptionalField(inner, field),
        _ => Field(operand, field),
    };

    public static CelValue Has(CelValue operand, string field) => operand switch
    {
        MapValue map => BoolValue.Of(map.Find(field) is not null),
        OptionalValue { Value: null } => BoolValue.False,
        OptionalValue { Value: { } inner } => Has(inner, field),
        _ => Field(operand, field),
    };

    public static CelValue Index(CelValue operand, CelValue index) => operand switch
    {
        ListValue list => At(list, index) is var (item, error) && error is null ? item ?? new ErrorValue($"index out of bounds: {index}") : error!,
        MapValue map => map.Find(index) ?? ErrorValue.NoSuchKey(index),
        OptionalValue => OptionalIndex(operand, index),
        _ => ErrorValue.NoOverload("_[_]"),
    };

    public static CelValue OptionalIndex(CelValue operand, CelValue index) => operand switch
    {
        ListValue list => At(list, index) is var (item, error) && error is null ? item is null ? OptionalValue.None : OptionalValue.Of(item) : error!,
        MapValue map => map.Find(index) is { } value ? OptionalValue.Of(value) : OptionalValue.None,
        OptionalValue { Value: null } => operand,
        OptionalValue { Value: { } inner } => OptionalIndex(inner, index),
        _ => ErrorValue.NoOverload("_[?_]"),
    };

    private static (CelValue? Item, ErrorValue? Error) At(ListValue list, CelValue index)
    {
        double? at = index switch
        {
            IntValue i => i.Value,
            UintValue u => u.Value,
            DoubleValue d when Math.Floor(d.Value) == d.Value => d.Value,
            _ => null,
        };
        if (at is null) return (null, new ErrorValue($"no such index: {index}"));
        return at >= 0 && at < list.Count ? (list.At((int)at), null) : (null, null);
    }
}
