using System.Globalization;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;

namespace Slipway.Bench.Evaluation;

/// <summary>What tests of quality do in the long run: how often each passes what it must not, how often and how soon it passes and fails what it should.</summary>
internal static class EvaluationBench
{
    private const int Most = 5_000;
    private const double Alpha = 0.05;
    private static readonly (double Discordance, double Margin)[] s_cells = [(0.05, 0.02), (0.10, 0.02), (0.10, 0.03), (0.20, 0.03), (0.20, 0.05)];

    private delegate Verdict Test(PairCounts counts, int pairs);

    public static async Task<int> RunAsync(int runs)
    {
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"{runs} runs a cell, level {Alpha} for passing and for failing, at most {Most} pairs. `p` is the share of pairs that differ, `m` the margin, both answers right or wrong. \"False pass\": the candidate is worse by exactly the margin."),
            "", "## Betting, looked at after every pair", "",
            "| p | m | false pass | equal: pass | pairs, median (one in ten) | worse by twice the margin: fail | pairs, median | fixed beforehand, 80 % power |", "|---|---|---|---|---|---|---|---|",
        };
        foreach (var (p, m) in s_cells)
        {
            var test = new NonInferiority(m, Alpha, Alpha);
            Test betting = (counts, _) => test.Judge(counts).Verdict;
            var (boundary, equal, worse) = (Simulate(runs, p, -m, Most, betting, 1), Simulate(runs, p, 0, Most, betting, 2), Simulate(runs, p, -2 * m, Most, betting, 3));
            lines.Add(Row($"| {p:0.00} | {m:0.00} | {boundary.Passed:0.0 %} | {equal.Passed:0.0 %} | {equal.Median} ({equal.Tenth}) | {worse.Failed:0.0 %} | {worse.FailMedian} | {SampleSize.Pairs(p, m)} |"));
        }

        lines.AddRange(["", "## Five looks planned (O'Brien and Fleming) and one look, with as many pairs as one look takes for 80 % power", "", "| p | m | five: false pass | five: equal passes | five: pairs, median | one: false pass | one: equal passes |", "|---|---|---|---|---|---|---|"]);
        foreach (var (p, m) in s_cells)
        {
            var size = (int)SampleSize.Pairs(p, m);
            var (five, one) = (Planned(5, size, m), Planned(1, size, m));
            var (a, b, c, d) = (Simulate(runs, p, -m, size, five, 4), Simulate(runs, p, 0, size, five, 5), Simulate(runs, p, -m, size, one, 6), Simulate(runs, p, 0, size, one, 7));
            lines.Add(Row($"| {p:0.00} | {m:0.00} | {a.Passed:0.0 %} | {b.Passed:0.0 %} | {b.Median} | {c.Passed:0.0 %} | {d.Passed:0.0 %} |"));
        }

        lines.AddRange(["", "## The same five looks at scores between right and wrong, here differences of half a point; with a boundary for failing, too", "", "| p | m | pairs | false pass | equal: pass | worse by twice the margin: fail |", "|---|---|---|---|---|---|"]);
        foreach (var (p, m) in ((double, double)[])[(0.2, 0.05), (0.4, 0.05), (0.4, 0.1)])
        {
            var size = (int)Math.Ceiling(SampleSize.Pairs(p, 2 * m) * 1.05);
            var halves = Halves(new PlannedLooks(new NonInferiority(m, Alpha, Alpha), 5, size));
            var (boundary, equal, worse) = (Simulate(runs, p, -2 * m, size, halves, 9), Simulate(runs, p, 0, size, halves, 10), Simulate(runs, p, Math.Max(-p, -4 * m), size, halves, 11));
            lines.Add(Row($"| {p:0.00} | {m:0.00} | {size} | {boundary.Passed:0.0 %} | {equal.Passed:0.0 %} | {worse.Failed:0.0 %} |"));
        }

        lines.AddRange(["", "## The naive test, looked at again and again: do not", "", "A plain z above 1.645, p 0.10, m 0.03, at most 2,000 pairs.", "", "| a look every | false pass |", "|---|---|"]);
        foreach (var every in (int[])[2_000, 400, 100, 25])
        {
            var naive = Simulate(runs, 0.1, -0.03, 2_000, (counts, n) => n % every == 0 && GroupSequential.Z(counts, 0.03) >= 1.6449 ? Verdict.Pass : Verdict.Undecided, 8);
            lines.Add(Row($"| {every} | {naive.Passed:0.0 %} |"));
        }

        lines.AddRange(RatesBench.Lines(runs));
        lines.AddRange(DriftBench.Lines(runs));
        await Report.WriteAsync("evaluation", lines);
        return 0;
    }

    private static Test Planned(int looks, int size, double margin)
    {
        var plan = new GroupSequential(looks, Alpha);
        return (counts, n) =>
        {
            var look = (int)((long)n * looks / size);
            return look > 0 && (long)(n - 1) * looks / size < look && GroupSequential.Z(counts, margin) >= plan.Boundaries[look - 1] ? Verdict.Pass : Verdict.Undecided;
        };
    }

    private static Test Halves(PlannedLooks plan) => (counts, n) => plan.Judge(new PairedEvidence
    {
        Asked = n,
        Scores = new ScoreEvidence(n, 0.5 * (counts.Better - counts.Worse), [], []) { Squares = 0.25 * (counts.Better + counts.Worse) },
    }).Verdict;

    private static Outcome Simulate(int runs, double discordance, double difference, int most, Test test, ulong seed)
    {
        var (better, differ) = ((discordance + difference) / 2, discordance);
        var ends = new (Verdict Verdict, int At)[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run =>
        {
            var (random, counts) = (new SeededRandom((seed << 32) + (ulong)run), default(PairCounts));
            for (var n = 1; n <= most; n++)
            {
                var u = random.NextDouble();
                counts = u < better ? counts with { Better = counts.Better + 1 } : u < differ ? counts with { Worse = counts.Worse + 1 } : counts with { Same = counts.Same + 1 };
                if (test(counts, n) is not (Verdict.Undecided) and var verdict)
                {
                    ends[run] = (verdict, n);
                    return;
                }
            }
        });
        var (passes, fails) = (At(Verdict.Pass), At(Verdict.Fail));
        return new Outcome(passes.Length / (double)runs, Quantile(passes, 0.5), Quantile(passes, 0.9), fails.Length / (double)runs, Quantile(fails, 0.5));

        int[] At(Verdict verdict) => [.. ends.Where(e => e.Verdict == verdict).Select(static e => e.At).Order()];
    }

    private static int Quantile(int[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];

    private static string Row(FormattableString row) => row.ToString(CultureInfo.InvariantCulture);

    private sealed record Outcome(double Passed, int Median, int Tenth, double Failed, int FailMedian);
}
