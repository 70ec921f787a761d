using System.Globalization;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts;

/// <summary>Decides at a step that gives the candidate traffic: errors and latencies, by what users' own requests showed. Pure.</summary>
internal static class RolloutCanary
{
    /// <summary>The share of answers that a limit is of when it does not say.</summary>
    public const double UsualQuantile = 0.9;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Decides.</summary>
    public static RolloutPlan Plan(RolloutView view, ModelRolloutStatus status, CanaryStep canary)
    {
        if (status.CandidateWeight != canary.Weight) return Begin(view, status, canary);
        string? waiting = null;
        var (traffic, limits) = (Counted(status.Traffic ?? new TrafficStatus(), view, canary), RolloutLimits.Of(view.Rollout.Spec, status.Capacity));
        status = status with { Phase = RolloutPhase.Progressing, Traffic = traffic };
        // The control replica is as new as the candidate, and has nothing to be measured by until both have answered users.
        if (traffic.Latency is null && limits.Count > 0 && status.Capacity?.ControlName is not null && traffic.Requests >= (canary.WarmupRequests ?? 0))
        {
            var (settled, lacks) = Limits(view, limits, "the control replica");
            status = status with { Traffic = traffic = traffic with { Latency = settled } };
            if (lacks is not null) waiting = lacks;
        }

        var tests = RolloutSteps.Tests(view.Rollout.Spec);
        var (passed, open) = (new List<string>(), new List<string>());
        var errors = RolloutErrors.Judge(view.Rollout.Spec.MostErrors ?? 0.05, 0.05 / tests, traffic);
        if (errors.Failed is { } failing) return RolloutPlanner.TurnDown(view, status, failing);
        if (errors.Passed is { } shown) passed.Add(shown);
        else open.Add(errors.Open!);
        for (var i = 0; i < limits.Count && i < traffic.Latency?.Count; i++)
        {
            var seen = traffic.Latency[i];
            var slow = new RateLimit(1 - (limits[i].Quantile ?? UsualQuantile), 0.05, 0.05 / tests);
            var than = $"{Name(seen.Measure)} later than {Seconds(seen.LimitSeconds)}";
            if (RolloutLimits.IsCost(view.Rollout.Spec, i)) than = string.Create(CultureInfo.InvariantCulture, $"{than}, which is {view.Rollout.Spec.Cost!.Ratio:0.##} times what an answer costs now");
            if (Judge(slow, seen.Slower, seen.Requests, $"it {(RolloutLimits.IsCost(view.Rollout.Spec, i) ? "costs too much" : "is too slow")}, {than}", than) is { } late) return RolloutPlanner.TurnDown(view, status, late);
        }

        if (limits.Count > 0 && traffic.Latency is null) open.Add(waiting ?? $"{traffic.Requests} of {canary.WarmupRequests} requests of the warm-up");
        var left = status.StepStartTime!.Value + TimeSpan.FromSeconds(canary.MinSeconds ?? 30) - view.Now;
        if (open.Count == 0 && left <= TimeSpan.Zero && traffic.Requests >= (canary.MinRequests ?? 0)) return RolloutSteps.Next(view, RolloutPlanner.Decided(view, status, "CanaryPassed", string.Join("; ", passed)));
        var waits = open.Count > 0 ? string.Join("; ", open) : left > TimeSpan.Zero ? $"{Math.Ceiling(left.TotalSeconds)} s to go" : $"{traffic.Requests} of {canary.MinRequests} requests seen";
        return new RolloutPlan(status with { Message = $"The candidate answers {canary.Weight} of 100 requests; {waits}" }) { After = s_soon };

        string? Judge(RateLimit test, long happened, long total, string bad, string what)
        {
            var judgement = test.Judge(happened, total);
            if (judgement.Verdict is Verdict.Fail) return $"{bad}: {judgement.Reason}";
            if (judgement.Verdict is Verdict.Pass) passed.Add($"{what}: {judgement.Reason}");
            else open.Add($"{what}: {happened} of {total}, about {test.More(happened, total)} more without one would do");
            return null;
        }
    }

    // What it is compared with is settled before the candidate has had a request, and does not move with it.
    private static RolloutPlan Begin(RolloutView view, ModelRolloutStatus status, CanaryStep canary)
    {
        IReadOnlyList<LatencyEvidence>? evidence = null;
        if (status.Capacity?.ControlName is null)
        {
            (evidence, var lacks) = Limits(view, RolloutLimits.Of(view.Rollout.Spec, status.Capacity), view.Rollout.Spec.DeploymentRef.Name);
            if (lacks is not null) return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"W{lacks[1..]}" }) { After = s_soon };
        }

        var than = string.Concat((evidence ?? []).Select(static e => $", {Name(e.Measure)} within {Seconds(e.LimitSeconds)}{Sizes(e)}"));
        var control = status.Capacity?.ControlName is null ? "" : $", its control replica {Math.Min(canary.Weight, 100 - canary.Weight)}";
        return new RolloutPlan(RolloutPlanner.Decided(view, status, "Shifted", $"the candidate answers {canary.Weight} of 100 requests{control}{than}{(view.Sessions is null ? "" : $"; {view.Sessions}")}") with
        {
            Phase = RolloutPhase.Progressing,
            CandidateWeight = canary.Weight,
            StepStartTime = view.Now,
            Traffic = new TrafficStatus { Latency = evidence },
            Message = $"The candidate answers {canary.Weight} of 100 requests",
        })
        {
            After = s_soon,
        };
    }

    /// <returns>What each limit comes to; or what has to be waited for.</returns>
    private static (IReadOnlyList<LatencyEvidence>? Evidence, string? Lacks) Limits(RolloutView view, IReadOnlyList<LatencyLimit> limits, string of)
    {
        var evidence = new List<LatencyEvidence>();
        foreach (var limit in limits)
        {
            var seconds = limit.Seconds ?? (view.Usual(limit.Measure, limit.Quantile ?? UsualQuantile) is { } usual ? usual.TotalSeconds * limit.Ratio : null);
            if (seconds is null) return (null, $"waits until {of} has answered enough requests to say how long its {Name(limit.Measure)} takes, by which the candidate's is limited");
            if (view.Countable(limit.Measure, seconds.Value) is not { } countable)
                return (null, $"waits until answers can be counted by whether their {Name(limit.Measure)} is later than {Seconds(seconds.Value)}: the engine does not say yet, or never counts as far");
            var sizes = limit.Ratio is not null ? view.UsualBySize(limit.Measure, limit.Quantile ?? UsualQuantile) : [];
            evidence.Add(new LatencyEvidence
            {
                Measure = limit.Measure,
                LimitSeconds = Math.Round(countable, 6),
                Sizes = sizes.Count == 0 ? null : [.. sizes.Select(s => s with { LimitSeconds = Math.Round(s.LimitSeconds * limit.Ratio!.Value, 6) })],
            });
        }

        return (evidence.Count == 0 ? null : evidence, null);
    }

    // What was timed since the last look is left out as a whole where it began within the warm-up: which answers came first is not known.
    private static TrafficStatus Counted(TrafficStatus before, RolloutView view, CanaryStep canary) => before with
    {
        Requests = before.Requests + view.Traffic.Requests,
        Failures = before.Failures + view.Traffic.Failures,
        ControlRequests = view.Control is null ? before.ControlRequests : (before.ControlRequests ?? 0) + view.ControlTraffic.Requests,
        ControlFailures = view.Control is null ? before.ControlFailures : (before.ControlFailures ?? 0) + view.ControlTraffic.Failures,
        Latency = before.Latency is null || before.Requests < (canary.WarmupRequests ?? 0) ? before.Latency : [.. before.Latency.Select((e, i) => i < view.Slower.Count ? e with { Requests = e.Requests + view.Slower[i].Requests, Slower = e.Slower + view.Slower[i].Slower } : e)],
    };

    private static string Sizes(LatencyEvidence limit) => limit.Sizes is not { Count: > 0 } sizes ? "" :
        $" ({string.Join(", ", sizes.Select(static s => s.UpToBytes is { } bytes ? $"{Seconds(s.LimitSeconds)} to {bytes >> 10} KiB" : $"{Seconds(s.LimitSeconds)} above"))})";

    /// <summary>A measure in words.</summary>
    public static string Name(LatencyMeasure measure) => measure switch
    {
        LatencyMeasure.FirstToken => "first token",
        LatencyMeasure.BetweenTokens => "time between tokens",
        _ => "whole answer",
    };

    /// <summary>A time in words.</summary>
    public static string Seconds(double seconds) => seconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.##} ms") : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s");
}
