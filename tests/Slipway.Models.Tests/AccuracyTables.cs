using System.Globalization;
using Slipway.Models.Speed;
using Slipway.Models.Tests.Memory;
using Slipway.Models.Tests.Speed;

namespace Slipway.Models.Tests;

/// <summary>How far estimates are from what was measured, as tables: those of bench/results/accuracy.md and of docs/estimates.md.</summary>
public static class AccuracyTables
{
    private static readonly string[] s_titles = ["servers", "formulas", "local", "speed", "learned", "models"];

    /// <summary>The tables by their names; each is the lines between two marks of docs/estimates.md.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All()
    {
        var left = CrossValidation.LeaveOut(static r => r.Model);
        return s_titles.Zip((IReadOnlyList<string>[])[[.. Servers()], [.. Formulas()], [.. Local()], [.. Speed(left)], [.. Learned()], [.. Groups(left)]]).ToDictionary(static t => t.First, static t => t.Second, StringComparer.Ordinal);
    }

    /// <summary>A document with each of its marked tables as it is now.</summary>
    public static string Into(string document)
    {
        ArgumentNullException.ThrowIfNull(document);
        foreach (var (name, lines) in All())
        {
            var (begin, end) = ($"<!-- accuracy: {name} -->\n", "<!-- end -->");
            var at = document.IndexOf(begin, StringComparison.Ordinal);
            if (at < 0) throw new InvalidOperationException($"The document has no mark {begin.Trim()}.");
            var until = document.IndexOf(end, at, StringComparison.Ordinal);
            document = string.Concat(document.AsSpan(0, at + begin.Length), string.Join('\n', lines), "\n", document.AsSpan(until));
        }

        return document;
    }

    private static IEnumerable<string> Servers()
    {
        yield return "| Run | Measured | Estimate | Error |";
        yield return "|---|---|---|---|";
        foreach (var m in MeasuredServer.All) yield return Text($"| {m.Id.Split('/')[1]}{(m.CacheRoom < 0 ? " (no room for cache)" : "")}, {m.Tensor} | {m.NonCache:0.00} | {m.Estimated:0.00} | {m.Estimated - m.NonCache:+0.00;-0.00} |");
    }

    private static IEnumerable<string> Formulas()
    {
        yield return "| Formula | Mean error | Most | Under |";
        yield return "|---|---|---|---|";
        yield return Row("**this one**", static m => m.Estimated);
        foreach (var (name, formula) in PeerFormulas.All.OrderBy(static f => MeasuredServer.All.Average(m => Math.Abs(f.Gib(m) - m.NonCache)))) yield return Row(name, formula);

        static string Row(string name, Func<MeasuredServer, double> formula)
        {
            var errors = MeasuredServer.All.Select(m => formula(m) - m.NonCache).ToList();
            var under = errors.Where(static e => e < 0).ToList();
            return Text($"| {name} | {errors.Average(Math.Abs):0.00} | {errors.Max(Math.Abs):0.0} | {(under.Count == 0 ? "never" : Text($"{under.Count} of {errors.Count}, {-under.Min():0.00} at most"))} |");
        }
    }

    private static IEnumerable<string> Local()
    {
        yield return "| Model | Packed | Card | Context | Peak | Estimate | Error |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var m in MeasuredLocal.Chosen)
        {
            var estimate = m.Estimate().TotalBytes / Cards.Gib;
            yield return Text($"| {m.Id.Split('/')[1]} | {m.Scheme} | {m.Gpu} | {m.Context} | {m.Peak:0.0} | {estimate:0.0} | {(estimate / m.Peak) - 1:+0.0 %;-0.0 %} |");
        }
    }

    private static IEnumerable<string> Learned()
    {
        yield return Text($"| Learned from | Rows judged | Median error before | after | Mean before | after | Band of x {SpeedModel.LearnedBandFactor} held |");
        yield return "|---|---|---|---|---|---|---|";
        foreach (var loads in (int[])[1, 3, 10]) yield return Row(loads == 1 ? "1 load of the model" : $"{loads} loads of the model", LearningValidation.Own(loads));
        yield return Row("other models on the device (not done)", LearningValidation.Others());

        static string Row(string name, (IReadOnlyList<double> Before, IReadOnlyList<double> After) ratios)
        {
            var (b, a) = (Errors.Of(ratios.Before, SpeedModel.LearnedBandFactor), Errors.Of(ratios.After, SpeedModel.LearnedBandFactor));
            return Text($"| {name} | {a.Rows} | {b.Median:0.0 %} | {a.Median:0.0 %} | {b.Mean:0.0 %} | {a.Mean:0.0 %} | {a.Held:0.0 %} |");
        }
    }

    private static IEnumerable<string> Speed(IReadOnlyList<(MeasuredRun Run, double Ratio)> byModel)
    {
        yield return Text($"| Left out | Rows | Median error | Mean | Nine in ten within | Band of x {SpeedModel.BandFactor} held |");
        yield return "|---|---|---|---|---|---|";
        yield return Row("the row's model", byModel);
        yield return Row("the row's accelerator", CrossValidation.LeaveOut(static r => r.Gpu));

        static string Row(string name, IReadOnlyList<(MeasuredRun Run, double Ratio)> ratios)
        {
            var e = Errors.Of(ratios.Select(static r => r.Ratio), SpeedModel.BandFactor);
            return Text($"| {name} | {e.Rows} | {e.Median:0.0 %} | {e.Mean:0.0 %} | {e.P90:0.0 %} | {e.Held:0.0 %} |");
        }
    }

    private static IEnumerable<string> Groups(IReadOnlyList<(MeasuredRun Run, double Ratio)> byModel)
    {
        yield return "| Model or accelerator | Rows | Median error |";
        yield return "|---|---|---|";
        foreach (var group in byModel.GroupBy(static r => r.Run.Model).OrderByDescending(static g => g.Count())) yield return Row(group.Key, group);
        foreach (var group in CrossValidation.LeaveOut(static r => r.Gpu).GroupBy(static r => r.Run.Gpu).OrderByDescending(static g => g.Count())) yield return Row(group.Key, group);

        static string Row(string name, IEnumerable<(MeasuredRun Run, double Ratio)> rows)
        {
            var e = Errors.Of(rows.Select(static r => r.Ratio), SpeedModel.BandFactor);
            return Text($"| {name} | {e.Rows} | {e.Median:0.0 %} |");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
