using System.Collections.Immutable;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Parity;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Rollouts;

/// <summary>What a rollout's steps ask for before it goes on. Pure.</summary>
internal static class RolloutSteps
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>How many tests can end a rollout. Errors beside a control replica are two: as a difference, and by themselves where the two had other shares than they were given.</summary>
    public static int Tests(ModelRolloutSpec spec) => spec.Steps.Sum(s =>
        (s.Gates?.Count ?? 0) + (s.Canary is null && s.Shadow is null ? 0 : 1 + (spec.Latency?.Count ?? 0)) + (s.Canary is null || spec.Capacity?.ControlReplica != true ? 0 : 1) + (s.Canary is null || spec.Cost is null ? 0 : 1) + (s.Shadow?.Graders is { Count: > 0 } ? 1 : 0));

    /// <summary>Decides at the step where a rollout is.</summary>
    public static RolloutPlan Plan(RolloutView view, ModelRolloutStatus status)
    {
        var (spec, step) = (view.Rollout.Spec, status.Step ?? 0);
        if (step >= spec.Steps.Count) return CapacityPlanner.Grow(view, status) ?? Promote(view, status);
        return spec.Steps[step] switch
        {
            { Gates: { } gates } => Gates(view, status, gates),
            { Parity: { } parity } => ParitySteps.Plan(view, status, parity),
            { Shadow: { } shadow } => ShadowSteps.Plan(view, status, shadow),
            { Canary: { } canary } => RolloutCanary.Plan(view, status, canary),
            { Pause: { } pause } => Wait(view, status, pause.Message ?? "Waits for approval"),
            _ => Next(view, status),
        };
    }

    private static RolloutPlan Gates(RolloutView view, ModelRolloutStatus status, IReadOnlyList<string> names)
    {
        var all = (status.Gates ?? []).ToImmutableArray();
        var ask = ImmutableArray.CreateBuilder<(GateSetup, GateStatus)>();
        foreach (var name in names)
        {
            var kept = all.FirstOrDefault(g => g.Name == name && g.Step == status.Step);
            // What has a verdict keeps it, whatever is found after.
            if (kept is { Verdict: not GateEvidence.Running }) continue;
            var (setup, problem) = view.Gate(name);
            if (setup is null) return RolloutPlanner.TurnDown(view, status, problem!);
            var known = kept ?? setup.Begin(status.Step ?? 0);
            if (!setup.Asks(known))
                return RolloutPlanner.TurnDown(view, status, $"gate {name} was changed meanwhile: evidence of one question is none for another");
            if (view.Runs.TryGetValue(name, out var run))
            {
                if (run.Broken is { } broken) return RolloutPlanner.TurnDown(view, status, $"gate {name} cannot be asked: {broken}");
                if (run.Status.Asked > known.Asked) known = run.Status;
            }

            all = kept is null ? all.Add(known) : all.Replace(kept, known);
            if (known.Verdict == GateEvidence.Running) ask.Add((setup, known));
            else status = RolloutPlanner.Decided(view, status, known.Verdict switch { GateEvidence.Pass => "GatePassed", GateEvidence.Fail => "GateFailed", _ => "GateUndecided" }, $"{name}: {known.Reason}");
        }

        status = status with { Gates = all };
        var mine = all.Where(g => g.Step == status.Step).ToArray();
        if (mine.FirstOrDefault(static g => g.Verdict == GateEvidence.Fail) is { } failed) return RolloutPlanner.TurnDown(view, status, $"gate {failed.Name} failed: the candidate is {failed.Reason}");
        if (ask.Count > 0)
        {
            var (_, first) = ask[0];
            return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"Gate {first.Name}: {first.Asked} of {first.Total} asked, {first.Better} better, {first.Worse} worse" }) { Ask = ask.ToImmutable(), After = s_soon };
        }

        // A gate without a verdict is no pass; somebody has to say what it is, but not while users have nobody.
        if (CapacityPlanner.IsAlone(status) && mine.FirstOrDefault(static g => g.Verdict == GateEvidence.Undecided) is { } unsaid)
            return RolloutPlanner.TurnDown(view, status, $"gate {unsaid.Name} ended without a verdict, which is no pass, and users wait meanwhile: {unsaid.Reason}");
        return mine.FirstOrDefault(static g => g.Verdict == GateEvidence.Undecided) is { } open
            ? Wait(view, status, $"Gate {open.Name} ended without a verdict, which is no pass: {open.Reason}. Approve to go on all the same, or abort")
            : Next(view, status);
    }

    /// <summary>Waits until somebody approves.</summary>
    public static RolloutPlan Wait(RolloutView view, ModelRolloutStatus status, string why)
    {
        var used = status.ApprovalsUsed ?? 0;
        if ((view.Rollout.Spec.Approved ?? 0) > used) return Next(view, RolloutPlanner.Decided(view, status with { ApprovalsUsed = used + 1 }, "Approved", why));
        return new RolloutPlan(status with { Phase = RolloutPhase.Paused, Message = $"{why} (slipway rollout approve {view.Rollout.Metadata.Name})" }) { After = TimeSpan.FromSeconds(5) };
    }

    /// <summary>On to the next step.</summary>
    public static RolloutPlan Next(RolloutView view, ModelRolloutStatus status) =>
        new(status with { Phase = RolloutPhase.Progressing, Step = (status.Step ?? 0) + 1, StepStartTime = view.Now, Traffic = null, Message = "On to the next step" }) { After = TimeSpan.Zero };

    private static RolloutPlan Promote(RolloutView view, ModelRolloutStatus status) =>
        new(RolloutPlanner.Decided(view, status, "Promoting", $"all {view.Rollout.Spec.Steps.Count} steps are passed: the candidate answers all requests") with
        {
            Phase = RolloutPhase.Promoting,
            CandidateWeight = 100,
            DecisionTime = view.Now,
            Message = $"{status.CandidateName} answers all requests; {view.Rollout.Spec.DeploymentRef.Name} is kept for {view.Rollout.Spec.KeepStableSeconds ?? 600} s to go back to",
        })
        {
            After = s_soon,
        };
}
