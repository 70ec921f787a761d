using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Web.Ui;
using Slipway.Web.Ui.Charts;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Hardware;

/// <summary>Days of a cost history as a card shows them.</summary>
internal static class SpentDays
{
    /// <summary>The days of the month (UTC) that it is.</summary>
    public static IReadOnlyList<CostPeriod> OfMonth(CostHistoryAnswer history, DateTimeOffset now) =>
        [.. history.Periods.Where(p => p.Start.UtcDateTime.Year == now.UtcDateTime.Year && p.Start.UtcDateTime.Month == now.UtcDateTime.Month)];

    /// <summary>What days cost together; unknown where a part of it is.</summary>
    public static CostAmount Sum(IReadOnlyList<CostPeriod> days) => Together([.. days.Select(static d => d.Cost)]);

    /// <summary>What idled meanwhile.</summary>
    public static CostAmount Idle(IReadOnlyList<CostPeriod> days) => Together([.. days.Select(static d => d.Idle).OfType<CostAmount>()]);

    /// <summary>Of how much time that is: what was not watched is not in it.</summary>
    public static string Watched(IReadOnlyList<CostPeriod> days) => T("in {0:0.#} h that were watched", days.Sum(static d => d.SeenSeconds) / 3600);

    /// <summary>A day's place on the axis, in days since 1970: its middle, since the value is of all of it.</summary>
    public static double At(CostPeriod day) => day.Start.ToUnixTimeSeconds() / 86_400d + 0.5;

    /// <summary>What was spent and what idled; a day of which nothing is known breaks the lines.</summary>
    public static IReadOnlyList<ChartLine> Lines(CostHistoryAnswer history) =>
    [
        new(T("spent ({0})", Currency(history)), Points(history, static d => d.Cost.Amount)),
        new(T("idle"), Points(history, static d => d.Idle?.Amount), Tone.Plain, Dashed: true),
    ];

    /// <summary>The first and the last day.</summary>
    public static IReadOnlyList<ChartMark> Marks(CostHistoryAnswer history) =>
        history.Periods.Length == 1 ? [new(At(history.Periods[0]), Say(At(history.Periods[0])))] : [new(At(history.Periods[0]), Say(At(history.Periods[0]))), new(At(history.Periods[^1]), Say(At(history.Periods[^1])))];

    /// <summary>Says a day.</summary>
    public static string Say(double at) => DateTimeOffset.FromUnixTimeSeconds((long)(Math.Floor(at) * 86_400)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Currency(CostHistoryAnswer history) => history.Periods.Select(static p => p.Cost.Currency).FirstOrDefault(static c => c is not null) ?? T("no price");

    private static List<ChartPoint> Points(CostHistoryAnswer history, Func<CostPeriod, decimal?> of)
    {
        List<ChartPoint> points = [];
        foreach (var day in history.Periods)
        {
            if (points.Count > 0 && At(day) - points[^1].X > 1.5) points.Add(new ChartPoint(points[^1].X + 1, null));
            points.Add(new ChartPoint(At(day), (double?)of(day)));
        }

        return points;
    }

    private static CostAmount Together(IReadOnlyList<CostAmount> parts)
    {
        if (parts.FirstOrDefault(static p => p.Amount is null) is { } unknown) return unknown;
        var currencies = parts.Select(static p => p.Currency).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return currencies.Count > 1 ? new CostAmount(null, null, T("in {0}", string.Join(", ", currencies)), []) : new CostAmount(parts.Sum(static p => p.Amount!.Value), currencies.FirstOrDefault(), null, []);
    }
}
