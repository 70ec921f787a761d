using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Short casts for function bodies, whose arguments have the declared kinds.</summary>
internal static class Arg
{
    public static long Int(this CelValue value) => ((IntValue)value).Value;

    public static ulong Uint(this CelValue value) => ((UintValue)value).Value;

    public static double Double(this CelValue value) => ((NumberValue)value).AsDouble;

    public static bool Bool(this CelValue value) => ((BoolValue)value).Value;

    public static string Text(this CelValue value) => ((StringValue)value).Value;

    public static byte[] Bytes(this CelValue value) => ((BytesValue)value).Value;

    public static CelValue[] Items(this CelValue value) => ((ListValue)value).Items;

    public static DurationValue Duration(this CelValue value) => (DurationValue)value;

    public static TimestampValue Time(this CelValue value) => (TimestampValue)value;

    public static CelValue Error(string message) => new ErrorValue(message);

    /// <summary>A string, unless it grew beyond what any budget should pay for.</summary>
    public static CelValue String(string text) => new StringValue(text);
}
