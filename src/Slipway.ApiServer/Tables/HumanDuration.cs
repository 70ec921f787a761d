using System.Globalization;

namespace Slipway.ApiServer.Tables;

/// <summary>Durations as kubectl shows ages: two units where the first is small, one where it is not.</summary>
internal static class HumanDuration
{
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 120) return Text($"{seconds}s");
        var minutes = seconds / 60;
        if (minutes < 10) return Two(minutes, "m", seconds % 60, "s");
        if (minutes < 180) return Text($"{minutes}m");
        var hours = minutes / 60;
        if (hours < 8) return Two(hours, "h", minutes % 60, "m");
        if (hours < 48) return Text($"{hours}h");
        if (hours < 192) return Two(hours / 24, "d", hours % 24, "h");
        var days = hours / 24;
        if (days < 730) return Text($"{days}d");
        return days < 8 * 365 ? Two(days / 365, "y", days % 365, "d") : Text($"{days / 365}y");
    }

    private static string Two(long first, string unit, long second, string smaller) =>
        second == 0 ? Text($"{first}{unit}") : Text($"{first}{unit}{second}{smaller}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
