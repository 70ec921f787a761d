using Slipway.Models.Memory;
using Slipway.Models.Speed;

namespace Slipway.Models.Tests.Speed;

/// <summary>Estimates of rows by constants that were fitted without any row of the same model, or of the same accelerator.</summary>
internal static class CrossValidation
{
    /// <summary>Constants fitted to the given rows; rows of one model on one engine share a weight.</summary>
    public static SpeedConstants Fit(IEnumerable<MeasuredRun> rows)
    {
        var groups = rows.GroupBy(static r => (r.Model, r.Engine));
        return SpeedFit.Fit([.. groups.SelectMany(static g => g.Select(r => r.Sample(g.Count())))], SpeedConstants.Assumed);
    }

    /// <summary>Predicted over measured of every vLLM row, each by constants that know nothing of its group.</summary>
    public static IReadOnlyList<(MeasuredRun Run, double Ratio)> LeaveOut(Func<MeasuredRun, string> group)
    {
        var ratios = new List<(MeasuredRun, double)>();
        foreach (var left in MeasuredRun.All.Where(static r => r.Engine == ServingEngine.Vllm).GroupBy(group))
        {
            var constants = Fit(MeasuredRun.All.Where(r => group(r) != left.Key));
            ratios.AddRange(left.Select(r => (r, StepTime.InterToken(r.Terms, constants) / r.InterTokenSeconds)));
        }

        return ratios;
    }
}

/// <summary>The errors of a set of estimates.</summary>
internal sealed record Errors(int Rows, double Median, double Mean, double P90, double Held)
{
    /// <param name="ratios">Predicted over measured.</param>
    /// <param name="band">The factor of the band whose hits are counted.</param>
    public static Errors Of(IEnumerable<double> ratios, double band)
    {
        var all = ratios.ToList();
        var errors = all.Select(static r => Math.Abs(r - 1)).Order().ToList();
        return new(all.Count, errors[errors.Count / 2], errors.Average(), errors[errors.Count * 9 / 10], all.Count(r => r <= band && r >= 1 / band) / (double)all.Count);
    }

    public override string ToString() => FormattableString.Invariant($"{Rows} rows: median {Median:P1}, mean {Mean:P1}, 90 % within {P90:P1}, band held {Held:P1}");
}
