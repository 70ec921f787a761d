using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Judges a shadow step by what is counted: all has to be shown to pass, and anything that is shown to be amiss fails. Pure.</summary>
internal static class ShadowJudge
{
    /// <summary>Judges.</summary>
    /// <param name="spec">The rollout's limits.</param>
    /// <param name="step">What the step says.</param>
    /// <param name="seen">What is counted.</param>
    /// <param name="grades">What was graded; null where nothing is.</param>
    /// <returns>The verdict, and why, in words.</returns>
    public static (Verdict Verdict, string Reason) Judge(ModelRolloutSpec spec, ShadowStep step, ShadowStatus seen, GateStatus? grades)
    {
        var tests = Math.Max(1, RolloutSteps.Tests(spec));
        var (passed, open) = (new List<string>(), new List<string>());
        string? failed = null;
        Rate(spec.MostErrors ?? 0.05, seen.Failures, seen.Requests, "failed");
        foreach (var (limit, counted) in (spec.Latency ?? []).Zip(seen.Latency ?? []))
        {
            if (counted.LimitSeconds > 0) Rate(1 - (limit.Quantile ?? RolloutCanary.UsualQuantile), counted.Slower, counted.Requests, $"{RolloutCanary.Name(counted.Measure)} later than {RolloutCanary.Seconds(counted.LimitSeconds)}");
        }

        if (grades is { Verdict: GateEvidence.Fail }) failed ??= $"answers are {grades.Reason}";
        else if (grades is { Verdict: GateEvidence.Pass }) passed.Add($"grades: {grades.Reason}");
        else if (grades is not null) open.Add($"grades: {grades.Better} better, {grades.Same} same, {grades.Worse} worse");
        if (failed is not null) return (Verdict.Fail, failed);
        if (seen.Missing > (seen.Requests + seen.Missing) * Comparison.MostMissing) open.Add($"{seen.Missing} of {seen.Requests + seen.Missing} requests never reached the candidate, above {Comparison.MostMissing * 100:0} in 100");
        if (seen.Requests < (step.MinRequests ?? 0)) open.Add($"{seen.Requests} of {step.MinRequests} requests asked");
        return open.Count > 0 ? (Verdict.Undecided, string.Join("; ", open)) : (Verdict.Pass, string.Join("; ", passed.Concat(seen.NotCounted ?? [])));

        void Rate(double most, long happened, long total, string what)
        {
            var test = new RateLimit(most, 0.05, 0.05 / tests);
            var judgement = test.Judge(happened, total);
            if (judgement.Verdict is Verdict.Fail) failed ??= $"{what}: {judgement.Reason}";
            else if (judgement.Verdict is Verdict.Pass) passed.Add($"{what}: {judgement.Reason}");
            else open.Add($"{what}: {happened} of {total}, about {test.More(happened, total)} more without one would do");
        }
    }
}
