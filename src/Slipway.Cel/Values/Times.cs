using System.Globalization;

namespace Slipway.Cel.Values;

internal sealed class TimestampValue(long seconds, int nanos) : CelValue
{
    private const long EpochSeconds = 62_135_596_800;

    public const long Least = -EpochSeconds;
    public const long Most = 253_402_300_799;

    /// <summary>Since 1970-01-01T00:00:00Z; nanoseconds always count forward.</summary>
    public long Seconds { get; } = seconds;

    public int Nanos { get; } = nanos;

    public override CelKind Kind => CelKind.Timestamp;

    public override CelType Type => CelType.Timestamp;

    public DateTime Utc => new(checked((Seconds + EpochSeconds) * TimeSpan.TicksPerSecond + Nanos / 100), DateTimeKind.Utc);

    public static TimestampValue At(DateTimeOffset value)
    {
        var ticks = value.UtcTicks - EpochSeconds * TimeSpan.TicksPerSecond;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        return rest < 0 ? new(seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : new(seconds, (int)rest * 100);
    }

    /// <returns>The timestamp, or an error outside years 1 to 9999.</returns>
    public static CelValue Of(Int128 nanoseconds)
    {
        var seconds = nanoseconds / 1_000_000_000;
        var nanos = nanoseconds % 1_000_000_000;
        if (nanos < 0)
        {
            nanos += 1_000_000_000;
            seconds--;
        }

        return seconds < Least || seconds > Most ? ErrorValue.TimestampRange : new TimestampValue((long)seconds, (int)nanos);
    }

    public Int128 Total => (Int128)Seconds * 1_000_000_000 + Nanos;

    public override object ToPlain() => new DateTimeOffset(Utc);

    public override int GetHashCode() => HashCode.Combine(Seconds, Nanos);

    public override string ToString() =>
        Utc.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + DurationValue.Fraction(Nanos) + "Z";

    internal override bool IsEqual(CelValue other) => other is TimestampValue t && t.Seconds == Seconds && t.Nanos == Nanos;
}

/// <summary>In nanoseconds of 64 bits, which is the range that the conformance tests ask of differences: 292 years.</summary>
internal sealed class DurationValue(long nanoseconds) : CelValue
{
    public long Nanoseconds { get; } = nanoseconds;

    public override CelKind Kind => CelKind.Duration;

    public override CelType Type => CelType.Duration;

    public static CelValue Of(Int128 nanoseconds) =>
        nanoseconds < long.MinValue || nanoseconds > long.MaxValue ? ErrorValue.DurationRange : new DurationValue((long)nanoseconds);

    public static string Fraction(long nanos) =>
        nanos == 0 ? "" : "." + nanos.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');

    public override object ToPlain() => new TimeSpan(Nanoseconds / 100);

    public override int GetHashCode() => Nanoseconds.GetHashCode();

    public override string ToString()
    {
        var magnitude = Int128.Abs(Nanoseconds);
        return $"{(Nanoseconds < 0 ? "-" : "")}{magnitude / 1_000_000_000}{Fraction((long)(magnitude % 1_000_000_000))}s";
    }

    internal override bool IsEqual(CelValue other) => other is DurationValue d && d.Nanoseconds == Nanoseconds;
}
