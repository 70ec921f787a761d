using Slipway.Api.Rollouts;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Decides at a step that asks the candidate what users asked, while it answers no user. Pure.</summary>
internal static class ShadowSteps
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Decides.</summary>
    public static RolloutPlan Plan(RolloutView view, ModelRolloutStatus status, ShadowStep step)
    {
        var kept = status.Shadow?.FirstOrDefault(s => s.Step == status.Step);
        if (kept is null) return Begin(view, status, step);
        if (kept.Verdict != GateEvidence.Running) return End(view, status, kept);
        return step.Source is ShadowSource.Live ? Copied(view, status, step, kept) : Replayed(view, status, step, kept);
    }

    private static RolloutPlan Begin(RolloutView view, ModelRolloutStatus status, ShadowStep step)
    {
        var begun = new ShadowStatus { Step = status.Step ?? 0, Source = step.Source, Verdict = GateEvidence.Running };
        ShadowSetup? setup = null;
        if (step.Source is ShadowSource.Recorded)
        {
            (setup, var problem) = view.Steps.Recorded(step, null);
            if (setup is null) return RolloutPlanner.TurnDown(view, status, problem!);
            begun = setup.Begin(status.Step ?? 0);
        }

        begun = Limited(view, begun);
        var grades = setup?.Grades(status.Step ?? 0);
        status = status with
        {
            Phase = RolloutPhase.Progressing,
            StepStartTime = view.Now,
            Shadow = [.. status.Shadow ?? [], begun],
            Gates = grades is null ? status.Gates : [.. status.Gates ?? [], grades],
            Message = setup is null ? $"{step.Percent} of 100 requests are copied to the candidate" : $"Shadow: {begun.Total} recorded requests are to be asked",
        };
        return new RolloutPlan(status) { Replay = setup is null ? null : new ReplayAsk(setup, begun, grades), After = s_soon };
    }

    // What it is compared with is settled before the candidate is asked; what cannot be settled is named, and left to steps with traffic.
    private static ShadowStatus Limited(RolloutView view, ShadowStatus begun)
    {
        var (limits, without) = (new List<LatencyEvidence>(), new List<string>());
        foreach (var limit in view.Rollout.Spec.Latency ?? [])
        {
            var seconds = limit.Seconds ?? view.Usual(limit.Measure, limit.Quantile ?? RolloutCanary.UsualQuantile)?.TotalSeconds * limit.Ratio;
            if (seconds is null) without.Add($"{RolloutCanary.Name(limit.Measure)} not counted: {view.Rollout.Spec.DeploymentRef.Name} has answered too few requests of late to say what it takes");
            limits.Add(new LatencyEvidence { Measure = limit.Measure, LimitSeconds = Math.Round(seconds ?? 0, 6) });
        }

        return begun with { Latency = limits.Count == 0 ? null : limits, NotCounted = without.Count == 0 ? null : without };
    }

    private static RolloutPlan Replayed(RolloutView view, ModelRolloutStatus status, ShadowStep step, ShadowStatus kept)
    {
        var grades = status.Gates?.FirstOrDefault(g => g.Name == ShadowStatus.GateName && g.Step == status.Step);
        ShadowSetup? setup = null;
        if (view.Steps.Replay is not { } run)
        {
            // Somebody else began it, and is gone.
            (setup, var problem) = view.Steps.Recorded(step, kept);
            if (setup is null) return RolloutPlanner.TurnDown(view, status, problem!);
        }
        else
        {
            if (run.Broken is { } broken) return RolloutPlanner.TurnDown(view, status, $"recorded requests cannot be asked: {broken}");
            if (run.Status.Asked > kept.Asked || run.Status.Verdict != GateEvidence.Running) status = With(status, kept, run.Status, grades, run.Grades);
            (kept, grades) = (run.Status.Asked >= kept.Asked ? run.Status : kept, run.Grades ?? grades);
        }

        if (kept.Verdict != GateEvidence.Running) return End(view, Decided(view, status, kept), kept);
        var more = kept.LeftOut > 0 ? $", {kept.LeftOut} recordings left out" : "";
        return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"Shadow: {kept.Asked} of {kept.Total} recorded requests asked, {kept.Failures} failed{(grades is null ? "" : $", {grades.Better} better, {grades.Worse} worse")}{more}" })
        {
            Replay = new ReplayAsk(setup, kept, grades),
            After = s_soon,
        };
    }

    private static RolloutPlan Copied(RolloutView view, ModelRolloutStatus status, ShadowStep step, ShadowStatus kept)
    {
        var seen = ShadowCount.After(kept, view.Steps.Copies);
        var (verdict, reason) = ShadowJudge.Judge(view.Rollout.Spec, step, seen, null);
        var left = status.StepStartTime!.Value + TimeSpan.FromSeconds(step.MinSeconds ?? 30) - view.Now;
        if (verdict is Verdict.Fail || (verdict is Verdict.Pass && left <= TimeSpan.Zero)) seen = seen with { Verdict = verdict is Verdict.Pass ? GateEvidence.Pass : GateEvidence.Fail, Reason = reason };
        status = With(status, kept, seen, null, null);
        if (seen.Verdict != GateEvidence.Running) return End(view, Decided(view, status, seen), seen);
        var waits = verdict is Verdict.Pass ? $"{Math.Ceiling(left.TotalSeconds)} s to go" : reason;
        return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"{step.Percent} of 100 requests are copied to the candidate{(seen.Dropped > 0 ? $" ({seen.Dropped} dropped)" : "")}; {waits}" }) { After = s_soon };
    }

    private static RolloutPlan End(RolloutView view, ModelRolloutStatus status, ShadowStatus kept) => kept.Verdict switch
    {
        GateEvidence.Pass => RolloutSteps.Next(view, status),
        GateEvidence.Fail => RolloutPlanner.TurnDown(view, status, $"users' requests, asked of the candidate: {kept.Reason}"),
        _ => RolloutSteps.Wait(view, status, $"The shadow step ended without a verdict, which is no pass: {kept.Reason}. Approve to go on all the same, or abort"),
    };

    private static ModelRolloutStatus Decided(RolloutView view, ModelRolloutStatus status, ShadowStatus kept) =>
        RolloutPlanner.Decided(view, status, kept.Verdict switch { GateEvidence.Pass => "ShadowPassed", GateEvidence.Fail => "ShadowFailed", _ => "ShadowUndecided" }, kept.Reason ?? "");

    private static ModelRolloutStatus With(ModelRolloutStatus status, ShadowStatus kept, ShadowStatus next, GateStatus? was, GateStatus? grades) => status with
    {
        Shadow = [.. (status.Shadow ?? []).Select(s => s == kept ? next : s)],
        Gates = was is null || grades is null ? status.Gates : [.. (status.Gates ?? []).Select(g => g == was ? grades : g)],
    };
}
