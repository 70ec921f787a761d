using System.Globalization;
using Slipway.Evaluation.Statistics;

namespace Slipway.Bench.Evaluation;

/// <summary>How long alarms about scores that fall take, with and without a reason, beside the test for ever and a CUSUM.</summary>
internal static class DriftBench
{
    private const double Wanted = 1_000, Margin = 0.05;
    private const int Longest = 20_000;
    private static readonly (double Before, double At, double Fallen)[] s_cells = [(0.95, 0.90, 0.80), (0.90, 0.85, 0.70), (0.70, 0.65, 0.50)];

    /// <summary>The table.</summary>
    /// <param name="runs">Runs a cell; a tenth of them, since each is long.</param>
    public static IEnumerable<string> Lines(int runs)
    {
        runs = Math.Max(1, runs / 10);
        yield return "";
        yield return "## Drift: prompts until the alarm";
        yield return "";
        yield return Row($"Margin {Margin}, {Wanted} prompts wanted until a false alarm, {runs} runs a cell, at most {Longest} prompts. \"False\": the score has fallen by exactly the margin, on average (longer is better). \"Found\": it has fallen further, median, after 1,000 prompts at which it had not. Each prompt is right or wrong by chance, before and now.");
        yield return "";
        yield return "| before | at the margin | false | fallen to | found | CUSUM tuned to that fall: false | found |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var (before, at, fallen) in s_cells)
        {
            var (detector, cusum) = (new DriftDetector(Margin, Wanted), (Before: before, Fallen: fallen));
            var alone = Enumerable.Range(0, runs).AsParallel().Select(i => Detect(detector, new Random(i), before, at, at, 0)).Average();
            var found = Median(Enumerable.Range(0, runs).AsParallel().Select(i => Detect(detector, new Random(i), before, before, fallen, 1_000)));
            var (falseCusum, foundCusum) = (
                Enumerable.Range(0, runs).AsParallel().Select(i => Cusum(cusum, new Random(i), at, at, 0)).Average(),
                Median(Enumerable.Range(0, runs).AsParallel().Select(i => Cusum(cusum, new Random(i), before, fallen, 1_000))));
            yield return Row($"| {before:0.00} | {at:0.00} | {alone:0} | {fallen:0.00} | {found:0} | {falseCusum:0} | {foundCusum:0} |");
        }
    }

    private static double Detect(DriftDetector detector, Random random, double before, double first, double then, int change)
    {
        var evidence = DriftDetector.Start;
        for (var i = 1; i <= Longest; i++)
        {
            evidence = detector.After(evidence, random.NextDouble() < before ? 1 : 0, random.NextDouble() < (i <= change ? first : then) ? 1 : 0);
            if (detector.IsAlarm(evidence)) return i - change;
        }

        return Longest;
    }

    // Page, "Continuous inspection schemes", Biometrika 41 (1954), with the likelihood ratio of the two rates; it takes to be known what the score falls to. The threshold is the logarithm of the run length wanted, as Lorden (1971) has it.
    private static double Cusum((double Before, double Fallen) rates, Random random, double first, double then, int change)
    {
        var sum = 0.0;
        var (right, wrong) = (Math.Log(rates.Fallen / rates.Before), Math.Log((1 - rates.Fallen) / (1 - rates.Before)));
        for (var i = 1; i <= Longest; i++)
        {
            sum = Math.Max(0, sum + (random.NextDouble() < (i <= change ? first : then) ? right : wrong));
            if (sum >= Math.Log(Wanted)) return i - change;
        }

        return Longest;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Row(FormattableString row) => row.ToString(CultureInfo.InvariantCulture);
}
