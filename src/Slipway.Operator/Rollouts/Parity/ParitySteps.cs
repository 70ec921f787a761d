using Slipway.Api.Rollouts;

namespace Slipway.Operator.Rollouts.Parity;

/// <summary>Decides at a step that compares both sides token by token. Pure.</summary>
internal static class ParitySteps
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Decides.</summary>
    public static RolloutPlan Plan(RolloutView view, ModelRolloutStatus status, ParityStep step)
    {
        var kept = status.Parity?.FirstOrDefault(p => p.Step == status.Step);
        // What has a verdict keeps it, whatever is found after.
        if (kept is { Verdict: not GateEvidence.Running }) return End(view, status, kept);
        var (setup, problem) = view.Steps.Parity(step);
        if (setup is null) return RolloutPlanner.TurnDown(view, status, problem!);
        var known = kept ?? setup.Begin(status.Step ?? 0);
        if (known.SuiteDigest != setup.Suite.Digest || known.Total != setup.Prompts.Length) return RolloutPlanner.TurnDown(view, status, $"the suite {step.SuiteRef.Name} was changed meanwhile: figures of one question are none of another");
        if (view.Steps.Compared is { } run)
        {
            if (run.Broken is { } broken) return RolloutPlanner.TurnDown(view, status, $"the two sides cannot be compared token by token: {broken}");
            if (run.Status.Asked > known.Asked || run.Status.Verdict != GateEvidence.Running) known = run.Status;
        }

        status = status with { Parity = [.. (status.Parity ?? []).Where(p => p.Step != status.Step), known] };
        if (known.Verdict != GateEvidence.Running)
        {
            return End(view, RolloutPlanner.Decided(view, status, known.Verdict switch { GateEvidence.Pass => "ParityPassed", GateEvidence.Fail => "ParityFailed", _ => "ParityUndecided" }, known.Reason ?? ""), known);
        }

        return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"Parity: {known.Asked} of {known.Total} prompts compared; {ParityJudge.Figures(known)}" }) { Compare = new ParityAsk(setup, known), After = s_soon };
    }

    private static RolloutPlan End(RolloutView view, ModelRolloutStatus status, ParityStatus kept) => kept.Verdict switch
    {
        GateEvidence.Pass => RolloutSteps.Next(view, status),
        GateEvidence.Fail => RolloutPlanner.TurnDown(view, status, $"the candidate foretells otherwise than the model as it is: {kept.Reason}"),
        _ => RolloutSteps.Wait(view, status, $"The parity step ended without a verdict, which is no pass: {kept.Reason}. Approve to go on all the same, or abort"),
    };
}
