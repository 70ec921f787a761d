using System.Collections.Immutable;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Schedules;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Drift;

/// <summary>What is due of a schedule.</summary>
/// <param name="Status">What is to be said.</param>
/// <param name="Ask">The prompts to be asked now; none for null.</param>
/// <param name="After">When to look again; null for when something changes.</param>
internal sealed record DriftPlan(EvaluationScheduleStatus Status, ImmutableArray<Prompt>? Ask, TimeSpan? After);

/// <summary>Decides when a schedule's suite is asked, and what its answers mean. Pure.</summary>
internal static class DriftPlanner
{
    private const int MostRuns = 200;

    // As for gates: infrastructure is not to take the blame for every hard question.
    private const double MostMissing = 0.05;

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    /// <summary>Decides what is due.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="deployment">Who is asked.</param>
    /// <param name="suite">What is asked.</param>
    /// <param name="problem">Why the suite cannot be.</param>
    /// <param name="now">The time.</param>
    public static DriftPlan Plan(EvaluationSchedule schedule, ModelDeployment? deployment, EvaluationSuite? suite, string? problem, DateTimeOffset now)
    {
        var spec = schedule.Spec;
        var status = (schedule.Status ?? new EvaluationScheduleStatus()) with { ObservedGeneration = schedule.Metadata.Generation };
        DriftPlan Waits(string why, TimeSpan? after) => new(status with { Message = why, NextRun = null }, null, after);
        if (spec.Suspend == true) return Waits("Nothing is asked: spec.suspend is set", null);
        if (suite is null) return Waits(problem!, s_again);
        var due = Reference(schedule, suite) is null || status.LastRun is not { } last ? now : last + TimeSpan.FromSeconds(spec.EverySeconds ?? 21_600);
        if (due > now) return new(status with { NextRun = due, Message = Said(status) }, null, due - now);
        if (deployment is null) return Waits($"There is no ModelDeployment {spec.DeploymentRef.Name}", s_again);
        if (deployment.Status?.Phase is not DeploymentPhase.Running) return Waits($"{deployment.Metadata.Name} does not answer now ({deployment.Status?.Message}): it is asked once it does", s_again);
        // Another sample each time, that whoever has the suite and the time of the run can draw again.
        var drawn = Reference(schedule, suite) is null ? suite.Prompts : Sampling.Draw(suite, (ulong)now.ToUnixTimeSeconds(), spec.Sample);
        return new(status with { Message = $"Asks {drawn.Length} prompts of {suite.Name}" }, drawn, null);
    }

    /// <summary>The status after a run.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="suite">The suite.</param>
    /// <param name="results">What came of the prompts that were asked, in order.</param>
    /// <param name="generation">The deployment's generation.</param>
    /// <param name="began">When the run began.</param>
    /// <param name="now">The time.</param>
    public static EvaluationScheduleStatus After(EvaluationSchedule schedule, EvaluationSuite suite, IReadOnlyList<PromptResult> results, long? generation, DateTimeOffset began, DateTimeOffset now)
    {
        var status = schedule.Status ?? new EvaluationScheduleStatus();
        var scored = results.Where(static r => r.Score is not null).ToArray();
        var run = new ScheduledRun
        {
            Time = began,
            Score = scored.Length == 0 ? 0 : Round(scored.Average(static r => r.Score!.Value)),
            Prompts = scored.Length,
            Missing = results.Count - scored.Length,
            Generation = generation,
        };
        if (results.Count == 0 || run.Missing > MostMissing * results.Count)
            return Told(schedule, status, run with { Void = $"{run.Missing} of {results.Count} prompts have no answer, since infrastructure failed" }, now);
        status = status with { LastScore = run.Score };
        if (Reference(schedule, suite) is not { } reference)
        {
            var made = new ReferenceRun { Time = began, SuiteDigest = suite.Digest, Accepted = schedule.Spec.Accepted ?? 0, Score = run.Score, Scores = Scores(suite, results) };
            return Told(schedule, status with { Reference = made, Evidence = null, EvidenceShare = 0 }, run, now);
        }

        var detector = new DriftDetector(schedule.Spec.Margin ?? 0.05, schedule.Spec.AverageRunLength ?? 10_000);
        var evidence = status.Evidence is { Count: Betting.Stakes } known ? [.. known] : DriftDetector.Start;
        var (held, nearest) = (new List<double>(), 0.0);
        foreach (var result in scored)
        {
            if (!reference.TryGetValue(result.PromptId, out var then)) continue;
            held.Add(then);
            evidence = detector.After(evidence, then, result.Score!.Value);
            nearest = Math.Max(nearest, detector.Share(evidence));
        }

        // The alarm is for the first time that it is reached, within a run as well as after it.
        run = run with { Reference = held.Count == 0 ? null : Round(held.Average()), EvidenceShare = Round(nearest) };
        return Told(schedule, status with { Evidence = [.. evidence.Select(static e => Math.Round(e, 6))], EvidenceShare = run.EvidenceShare }, run, now);
    }

    // By prompt; null where the next run is to be the reference.
    private static Dictionary<string, double>? Reference(EvaluationSchedule schedule, EvaluationSuite suite)
    {
        if (schedule.Status?.Reference is not { } reference || reference.SuiteDigest != suite.Digest || reference.Accepted < (schedule.Spec.Accepted ?? 0)) return null;
        var scores = Convert.FromBase64String(reference.Scores);
        return suite.Prompts.Zip(scores).ToDictionary(static p => p.First.Id, static p => p.Second / 255.0, StringComparer.Ordinal);
    }

    // A prompt without an answer is held to the mean.
    private static string Scores(EvaluationSuite suite, IReadOnlyList<PromptResult> results)
    {
        var scores = results.Where(static r => r.Score is not null).ToDictionary(static r => r.PromptId, static r => r.Score!.Value, StringComparer.Ordinal);
        var mean = scores.Values.Average();
        return Convert.ToBase64String([.. suite.Prompts.Select(p => (byte)Math.Round(255 * scores.GetValueOrDefault(p.Id, mean)))]);
    }

    private static EvaluationScheduleStatus Told(EvaluationSchedule schedule, EvaluationScheduleStatus status, ScheduledRun run, DateTimeOffset now)
    {
        var conditions = new ConditionSet(status.Conditions, schedule.Metadata.Generation, now);
        var before = status.Conditions?.FirstOrDefault(static c => c.Type == EvaluationSchedule.Drifted)?.Status is ConditionStatus.True;
        var fresh = run.Reference is null && run.Void is null;
        // An alarm stays until somebody says that it is heard: by another reference.
        if (!fresh && (before || run.EvidenceShare >= 1)) conditions.True(EvaluationSchedule.Drifted, "Worse", before ? Condition(status) : FormattableString.Invariant($"{run.Score * 100:0.0} % now, {run.Reference * 100:0.0} % of the same prompts before: shown to have fallen by more than {(schedule.Spec.Margin ?? 0.05) * 100:0.##} points"));
        else conditions.False(EvaluationSchedule.Drifted, "AsBefore", FormattableString.Invariant($"Nothing shows that the score has fallen by more than {(schedule.Spec.Margin ?? 0.05) * 100:0.##} points"));
        var next = status with
        {
            ObservedGeneration = schedule.Metadata.Generation,
            LastRun = run.Time,
            NextRun = run.Time + TimeSpan.FromSeconds(schedule.Spec.EverySeconds ?? 21_600),
            Runs = [.. (status.Runs ?? []).TakeLast(MostRuns - 1), run],
            Conditions = conditions.Conditions,
        };
        return next with { Message = Said(next) };
    }

    private static string Condition(EvaluationScheduleStatus status) => status.Conditions!.First(static c => c.Type == EvaluationSchedule.Drifted).Message!;

    private static string Said(EvaluationScheduleStatus status) => status.Runs is not { Count: > 0 } runs ? "Nothing was asked yet"
        : runs[^1].Void is { } why ? $"The last run does not count: {why}"
        : runs[^1].Reference is null ? FormattableString.Invariant($"{runs[^1].Score * 100:0.0} % of {runs[^1].Prompts} prompts: later runs are held to that")
        : FormattableString.Invariant($"{runs[^1].Score * 100:0.0} % of {runs[^1].Prompts} prompts, {runs[^1].Reference * 100:0.0} % before; evidence for a fall: {status.EvidenceShare * 100:0} % of an alarm");

    private static double Round(double value) => Math.Round(value, 6);
}
