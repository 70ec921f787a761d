using System.Globalization;
using Slipway.Evaluation.Statistics;

namespace Slipway.Bench.Evaluation;

/// <summary>Errors of a candidate beside those of its control replica: how often a candidate passes or fails by chance, and after how many requests of both.</summary>
internal static class RatesBench
{
    private const double Margin = 0.05;
    private const int Longest = 5_000;
    private static readonly double[] s_controls = [0, 0.02, 0.2, 0.5];

    /// <summary>The table.</summary>
    /// <param name="runs">Runs a cell; a fifth of them, since each is long.</param>
    public static IEnumerable<string> Lines(int runs)
    {
        runs = Math.Max(1, runs / 5);
        yield return "";
        yield return "## Errors beside a control replica's";
        yield return "";
        yield return $"{runs} runs a cell. Looked at after every request of either, each of which chance gives to one of the two, at most {Longest}; {Margin * 100:0} points more may fail.";
        yield return "";
        yield return "| control fails | candidate fails 5 points more: passes | fails | as often: passes | requests of both, median | 15 points more: fails | requests of both, median |";
        yield return "|---|---|---|---|---|---|---|";
        foreach (var control in s_controls)
        {
            var (at, same, worse) = (Runs(runs, control + Margin, control), Runs(runs, control, control), Runs(runs, control + 3 * Margin, control));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {control * 100:0} % | {Share(at, Verdict.Pass):0.0} % | {Share(at, Verdict.Fail):0.0} % | {Share(same, Verdict.Pass):0.0} % | {Median(same):0} | {Share(worse, Verdict.Fail):0.0} % | {Median(worse):0} |");
        }
    }

    private static (Verdict Verdict, int After)[] Runs(int runs, double candidate, double control) => [.. Enumerable.Range(0, runs).AsParallel().Select(seed => Run(new Random(seed), candidate, control))];

    private static double Share((Verdict Verdict, int After)[] runs, Verdict verdict) => 100.0 * runs.Count(r => r.Verdict == verdict) / runs.Length;

    private static double Median((Verdict Verdict, int After)[] runs) => runs.Select(static r => r.After).Order().ElementAt(runs.Length / 2);

    private static (Verdict, int) Run(Random random, double candidate, double control)
    {
        var test = new RateDifference(Margin);
        long failed = 0, asked = 0, theirs = 0, controls = 0;
        for (var i = 1; i <= Longest; i++)
        {
            if (random.Next(2) == 0)
            {
                asked++;
                if (random.NextDouble() < candidate) failed++;
            }
            else
            {
                controls++;
                if (random.NextDouble() < control) theirs++;
            }

            if (test.Judge((failed, asked), (theirs, controls)).Verdict is var verdict and not Verdict.Undecided) return (verdict, i);
        }

        return (Verdict.Undecided, Longest);
    }
}
