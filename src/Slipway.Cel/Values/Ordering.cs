namespace Slipway.Cel.Values;

/// <summary>Order of values that have one (CEL spec, "Ordering").</summary>
internal static class Ordering
{
    public const int Unordered = 2;

    /// <returns>-1, 0 or 1; <see cref="Unordered"/> with NaN; null when the kinds have no common order.</returns>
    public static int? Compare(CelValue a, CelValue b) => (a, b) switch
    {
        (IntValue x, IntValue y) => x.Value.CompareTo(y.Value),
        (UintValue x, UintValue y) => x.Value.CompareTo(y.Value),
        (IntValue x, UintValue y) => x.Value < 0 ? -1 : ((ulong)x.Value).CompareTo(y.Value),
        (UintValue x, IntValue y) => y.Value < 0 ? 1 : x.Value.CompareTo((ulong)y.Value),
        // The spec's conformance tests compare 64-bit integers with doubles after rounding them to double.
        (NumberValue x, NumberValue y) => Doubles(x.AsDouble, y.AsDouble),
        (StringValue x, StringValue y) => Text(x.Value, y.Value),
        (BoolValue x, BoolValue y) => x.Value.CompareTo(y.Value),
        (BytesValue x, BytesValue y) => Math.Sign(x.Value.AsSpan().SequenceCompareTo(y.Value)),
        (TimestampValue x, TimestampValue y) => x.Seconds == y.Seconds ? x.Nanos.CompareTo(y.Nanos) : x.Seconds.CompareTo(y.Seconds),
        (DurationValue x, DurationValue y) => x.Nanoseconds.CompareTo(y.Nanoseconds),
        _ => null,
    };

    private static int Doubles(double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? Unordered : x.CompareTo(y) is var c && x == y ? 0 : c;

    /// <summary>By code point: UTF-16 would put supplementary characters before U+E000.</summary>
    private static int Text(string x, string y)
    {
        var length = Math.Min(x.Length, y.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (x[i], y[i]);
            if (a == b) continue;
            return char.IsSurrogate(a) == char.IsSurrogate(b) ? Math.Sign(a.CompareTo(b)) : char.IsSurrogate(a) ? 1 : -1;
        }

        return x.Length.CompareTo(y.Length);
    }
}
