using Slipway.Models.Memory;
using Slipway.Models.Speed;
using Slipway.Models.Speed.Learning;

namespace Slipway.Models.Tests.Speed;

/// <summary>What learning from a running deployment is worth: estimates by constants that know nothing of the model, corrected by what was measured, and judged on other rows.</summary>
internal static class LearningValidation
{
    /// <summary>Predicted over measured of vLLM rows, before and after learning from some loads of the same model in the same layout.</summary>
    /// <param name="loads">How many loads are seen; rows of models with no more are left out.</param>
    public static (IReadOnlyList<double> Before, IReadOnlyList<double> After) Own(int loads)
    {
        var (before, after) = (new List<double>(), new List<double>());
        Each((layout, _, constants) =>
        {
            var rows = layout.OrderBy(static r => r.Traffic.Concurrency).ThenBy(static r => r.Traffic.PromptTokens).ThenBy(static r => r.InterTokenSeconds).ToList();
            if (rows.Count <= loads) return;
            // Those in the middle: what a deployment that serves sees most.
            var seen = rows.Skip((rows.Count - loads) / 2).Take(loads).ToList();
            Judge(rows.Except(seen), Factor(seen, constants), constants, before, after);
        });
        return (before, after);
    }

    /// <summary>The same after learning from all other models on the accelerator: what is not done, and why.</summary>
    public static (IReadOnlyList<double> Before, IReadOnlyList<double> After) Others()
    {
        var (before, after) = (new List<double>(), new List<double>());
        Each((layout, others, constants) =>
        {
            var seen = others.Where(r => r.Gpu == layout.First().Gpu).ToList();
            if (seen.Count > 0) Judge(layout, Factor(seen, constants), constants, before, after);
        });
        return (before, after);
    }

    private static void Each(Action<IEnumerable<MeasuredRun>, IEnumerable<MeasuredRun>, SpeedConstants> judge)
    {
        var all = MeasuredRun.All.Where(static r => r.Engine == ServingEngine.Vllm).ToList();
        foreach (var model in all.GroupBy(static r => r.Model))
        {
            var constants = CrossValidation.Fit(MeasuredRun.All.Where(r => r.Model != model.Key));
            // One packing on so many devices: the same bytes on each, to a tenth.
            foreach (var layout in model.GroupBy(static r => (r.Gpu, Math.Round(Math.Log(r.Terms.Dense), 1), r.Terms.Doublings))) judge(layout, all.Where(r => r.Model != model.Key), constants);
        }
    }

    private static double Factor(IEnumerable<MeasuredRun> seen, SpeedConstants constants)
    {
        var learned = seen.Select((run, i) => Observation(run, i, constants)).Aggregate(LearnedSpeed.None, static (l, o) => l.With(o));
        return learned.Correction("m", null, ServingEngine.Vllm, "d", Layout.Single)!.InterToken;
    }

    private static void Judge(IEnumerable<MeasuredRun> rows, double factor, SpeedConstants constants, List<double> before, List<double> after)
    {
        foreach (var row in rows)
        {
            before.Add(StepTime.InterToken(row.Terms, constants) / row.InterTokenSeconds);
            after.Add(before[^1] * factor);
        }
    }

    private static SpeedObservation Observation(MeasuredRun run, int load, SpeedConstants constants) => new("m", run.Engine, "d")
    {
        // Each row stands for a load of its own.
        PromptTokens = Math.Pow(2, load % 50),
        OutputTokens = Math.Pow(2, load / 50),
        Running = run.Traffic.Concurrency,
        InterTokenSeconds = run.InterTokenSeconds,
        EstimatedInterTokenSeconds = StepTime.InterToken(run.Terms, constants),
        Requests = 100,
        Last = DateTimeOffset.UnixEpoch,
    };
}
