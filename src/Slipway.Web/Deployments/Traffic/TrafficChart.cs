using System.Globalization;
using Slipway.Web.Ui;
using Slipway.Web.Ui.Charts;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Deployments.Traffic;

/// <summary>One of the charts of a deployment's traffic.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lines">Its lines; X in seconds since 1970.</param>
/// <param name="SayY">Says a value.</param>
internal sealed record TrafficChart(string Title, IReadOnlyList<ChartLine> Lines, Func<double, string> SayY)
{
    // A stretch that has just begun would make a rush of a single request.
    private const double LeastSeconds = 10;

    /// <summary>All charts of a history.</summary>
    public static IReadOnlyList<TrafficChart> All(IReadOnlyList<TrafficStretch> stretches)
    {
        // In the middle of each stretch, since a value is of all of it.
        ChartLine Line(string name, Func<TrafficStretch, double?> value, Tone tone = Tone.Accent, bool dashed = false) =>
            new(name, [.. stretches.Select(s => new ChartPoint(s.Start.ToUnixTimeMilliseconds() / 1000d + (s.Seconds / 2), value(s)))], tone, dashed);
        IReadOnlyList<ChartLine> Quantiles(Func<TrafficStretch, TrafficLatency> of) =>
            [Line(T("median"), s => of(s).P50Seconds), Line(T("9 in 10 within"), s => of(s).P90Seconds, Tone.Plain, true)];
        return
        [
            new(T("Requests"), [Line(T("answered"), static s => Rate(s.Requests - s.Failures, s)), Line(T("failed"), static s => Rate(s.Failures, s), Tone.Bad, true)], SayRate),
            new(T("Tokens"), [Line(T("out"), static s => Rate(s.TokensOut, s)), Line(T("in"), static s => Rate(s.TokensIn, s), Tone.Plain, true)], SayRate),
            new(T("Time to first token"), Quantiles(static s => s.TimeToFirstToken), SaySeconds),
            new(T("Time between tokens"), Quantiles(static s => s.InterToken), SaySeconds),
            new(T("Requests at once"), [Line(T("mean"), static s => s.Concurrency), Line(T("most"), static s => s.PeakConcurrency, Tone.Plain, true)], SayAmount),
        ];
    }

    /// <summary>The charts of what engines say of themselves, and of costs; those of which nothing is known are left out.</summary>
    /// <param name="stretches">What they said.</param>
    /// <param name="counts">Whether what they count of requests is drawn: where no gateway of Slipway's counts them itself.</param>
    public static IReadOnlyList<TrafficChart> All(IReadOnlyList<LoadStretch> stretches, bool counts)
    {
        // In the middle of each stretch; a stretch that is missing breaks the line.
        ChartLine Line(string name, Func<LoadStretch, double?> value, Tone tone = Tone.Accent, bool dashed = false)
        {
            var points = new List<ChartPoint>(stretches.Count);
            for (var i = 0; i < stretches.Count; i++)
            {
                if (i > 0 && stretches[i].Start - stretches[i - 1].Start > TimeSpan.FromSeconds(stretches[i].Seconds * 1.5)) points.Add(new ChartPoint(Middle(stretches[i - 1]) + stretches[i].Seconds, null));
                points.Add(new ChartPoint(Middle(stretches[i]), value(stretches[i])));
            }

            return new ChartLine(name, points, tone, dashed);
        }

        static double Middle(LoadStretch stretch) => stretch.Start.ToUnixTimeMilliseconds() / 1000d + (stretch.Seconds / 2);
        List<TrafficChart> charts =
        [
            .. counts
                ? [
                    new(T("Requests"), [Line(T("answered"), static s => s.Requests)], SayRate),
                    new(T("Tokens"), [Line(T("out"), static s => s.TokensOut), Line(T("in"), static s => s.TokensIn, Tone.Plain, true)], SayRate),
                    new(T("Time to first token"), [Line(T("mean"), static s => s.FirstToken)], SaySeconds),
                    new(T("Time between tokens"), [Line(T("mean"), static s => s.BetweenTokens)], SaySeconds),
                ]
                : Array.Empty<TrafficChart>(),
            new(T("Waiting in the engine"), [Line(T("mean"), static s => s.Waiting), Line(T("most"), static s => s.PeakWaiting, Tone.Plain, true)], SayAmount),
            new(T("Key-value cache in use"), [Line(T("mean"), static s => s.CacheUse), Line(T("most"), static s => s.PeakCacheUse, Tone.Plain, true)], static share => SayAmount(share * 100) + " %"),
            new(T("Cost an hour"), [Line(T("now"), static s => s.PerHour)], SayAmount),
        ];
        return [.. charts.Where(static c => c.Lines.Any(static l => l.Points.Any(static p => p.Y is not null)))];
    }

    /// <summary>What happened in a stretch for each second of it.</summary>
    public static double Rate(long count, TrafficStretch stretch) => count / Math.Max(stretch.Seconds, LeastSeconds);

    public static string SayRate(double rate) => $"{SayAmount(rate)}/s";

    public static string SaySeconds(double seconds) => seconds is > 0 and < 0.01 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.#} ms") : seconds == 0 ? "0" : Say.Seconds(seconds);

    /// <summary>Three digits, since what is seldom is not never.</summary>
    public static string SayAmount(double amount) => amount switch
    {
        >= 1000 => Say.Count((long)Math.Round(amount)),
        >= 100 => amount.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => amount.ToString("0.#", CultureInfo.InvariantCulture),
        _ => amount.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
