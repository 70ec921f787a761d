using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Libraries;

/// <summary>Parts of timestamps, in UTC or a named or fixed zone, and of durations (CEL spec, "Date/Time Functions").</summary>
internal static class TimeAccess
{
    public static void Add(FunctionList list)
    {
        Part(list, "getFullYear", t => t.Year);
        Part(list, "getMonth", t => t.Month - 1);
        Part(list, "getDate", t => t.Day);
        Part(list, "getDayOfMonth", t => t.Day - 1);
        Part(list, "getDayOfWeek", t => (int)t.DayOfWeek);
        Part(list, "getDayOfYear", t => t.DayOfYear - 1);
        Part(list, "getHours", t => t.Hour);
        Part(list, "getMinutes", t => t.Minute);
        Part(list, "getSeconds", t => t.Second);
        Part(list, "getMilliseconds", t => t.Millisecond);

        list.AddCheap("getHours(this duration): int", a => new IntValue(a[0].Duration().Nanoseconds / 3_600_000_000_000));
        list.AddCheap("getMinutes(this duration): int", a => new IntValue(a[0].Duration().Nanoseconds / 60_000_000_000));
        list.AddCheap("getSeconds(this duration): int", a => new IntValue(a[0].Duration().Nanoseconds / 1_000_000_000));
        list.AddCheap("getMilliseconds(this duration): int", a => new IntValue(a[0].Duration().Nanoseconds / 1_000_000 % 1000));
    }

    private static void Part(FunctionList list, string name, Func<DateTime, int> part)
    {
        list.AddCheap($"{name}(this timestamp): int", a => new IntValue(part(a[0].Time().Utc)));
        list.AddCheap($"{name}(this timestamp, string): int", a => In(a[0].Time().Utc, a[1].Text()) is { } local
            ? new IntValue(part(local))
            : Arg.Error($"unknown time zone '{a[1]}'"));
    }

    private static DateTime? In(DateTime utc, string zone)
    {
        if (Offset(zone) is not { } offset) return null;
        var ticks = utc.Ticks + offset(utc).Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime(ticks) : null;
    }

    private static Func<DateTime, TimeSpan>? Offset(string zone)
    {
        var digits = zone.AsSpan().TrimStart("+-");
        if (digits.Length + 1 >= zone.Length && TimeText.ZoneOffset(digits) is { } seconds)
        {
            return _ => TimeSpan.FromSeconds(zone[0] == '-' ? -seconds : seconds);
        }

        return zone.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found.GetUtcOffset : null;
    }
}
