using System.Globalization;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Timestamps as RFC 3339, durations as numbers with units (CEL spec, "Timestamps" and "Durations").</summary>
internal static class TimeText
{
    public static CelValue? Timestamp(string text)
    {
        // 2006-01-02T15:04:05[.fraction](Z|±hh:mm)
        if (text.Length < 20 || text[10] != 'T') return null;
        if (!DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return null;
        }

        var at = 19;
        long nanos = 0;
        if (text[at] == '.')
        {
            var start = ++at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (at == start) return null;
            nanos = long.Parse(text.AsSpan(start, Math.Min(9, at - start)).ToString().PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        if (Offset(text.AsSpan(at)) is not { } offset) return null;
        var seconds = time.Ticks / TimeSpan.TicksPerSecond + TimestampValue.Least - offset;
        return TimestampValue.Of((Int128)seconds * 1_000_000_000 + nanos);
    }

    private static int? Offset(ReadOnlySpan<char> zone)
    {
        if (zone is "Z") return 0;
        if (zone.Length != 6 || zone[0] is not ('+' or '-')) return null;
        return ZoneOffset(zone[1..]) is { } offset ? zone[0] == '-' ? -offset : offset : null;
    }

    /// <returns>Seconds of a time written hh:mm.</returns>
    public static int? ZoneOffset(ReadOnlySpan<char> text) =>
        text.Length == 5 && text[2] == ':'
        && int.TryParse(text[..2], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours < 24
        && int.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes < 60
            ? (hours * 60 + minutes) * 60
            : null;

    public static CelValue? Duration(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (rest.Length > 0 && rest[0] is '-' or '+') rest = rest[1..];
        if (rest is "0") return new DurationValue(0);
        if (rest.IsEmpty || rest.Length > 64) return null;
        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.')) digits++;
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            rest = rest[digits..];
            var (unit, length) = Unit(rest);
            if (length == 0 || number > 10_000_000_000_000_000_000m / unit) return null;
            total += (Int128)(number * unit);
            rest = rest[length..];
        }

        return DurationValue.Of(negative ? -total : total);
    }

    private static (long Nanos, int Length) Unit(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("ns")) return (1, 2);
        if (text.StartsWith("us") || text.StartsWith("µs") || text.StartsWith("μs")) return (1_000, 2);
        if (text.StartsWith("ms")) return (1_000_000, 2);
        if (text.StartsWith("s")) return (1_000_000_000, 1);
        if (text.StartsWith("m")) return (60_000_000_000, 1);
        return text.StartsWith("h") ? (3_600_000_000_000, 1) : (0, 0);
    }
}
