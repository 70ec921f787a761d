using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Preflight;

namespace Slipway.Operator.Rollouts.Budgets;

/// <summary>Counts what a rollout spends, and lets it wait where that is used up. Pure.</summary>
internal static class BudgetPlanner
{
    public const string Exhausted = "BudgetExhausted";

    private static readonly TimeSpan s_waiting = TimeSpan.FromSeconds(5);

    // What accelerators cost is computed from how long they are there: to write it down more often than this would tell nobody more, and a crash loses none of it.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);

    /// <summary>Adds what was spent since it was last written down.</summary>
    public static ModelRolloutStatus Count(RolloutView view, ModelRolloutStatus status)
    {
        if (view.Rollout.Spec.Budget is not { } budget || status.Phase is not (RolloutPhase.Provisioning or RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.RollingBack)) return status;
        var used = status.BudgetUsed ?? new BudgetUsed();
        used = used with { Requests = used.Requests + view.Asked.Requests, Tokens = used.Tokens + view.Asked.Tokens };
        if (view.Candidate is null) return status with { BudgetUsed = used with { CountedUntil = null } };
        var from = used.CountedUntil ?? view.Candidate.Metadata.CreationTimestamp ?? view.Now;
        if (budget is { Money: null, AcceleratorSeconds: null } || Accelerators(view, status) is not { } accelerators) return status with { BudgetUsed = used };
        var seconds = Math.Max(0, (view.Now - from).TotalSeconds) * accelerators;
        var spent = used with { AcceleratorSeconds = used.AcceleratorSeconds + seconds, Money = used.Money + (seconds / 3600 * (status.Capacity?.AcceleratorPrice ?? 0)), CountedUntil = view.Now };
        return status with { BudgetUsed = view.Now - from < s_between && used.CountedUntil is not null && budget.Exhausted(spent) is null ? used : spent };
    }

    /// <summary>Decides at the step where a rollout is; where the budget is used up it waits for an approval, which allows the same again.</summary>
    /// <param name="view">All that it rests on.</param>
    /// <param name="status">The status, with what was spent.</param>
    public static RolloutPlan Plan(RolloutView view, ModelRolloutStatus status)
    {
        var isAsking = view.Rollout.Spec.Steps.ElementAtOrDefault(status.Step ?? 0)?.Gates is not null && status.Phase is not RolloutPhase.Provisioning;
        if (view.Rollout.Spec.Budget is not { } budget || budget.Exhausted(status.BudgetUsed) is null) return RolloutSteps.Plan(view, status);
        // What gates found until now was paid for: a verdict counts, and evidence is kept.
        if (!isAsking) return Hold(view, status, budget);
        var plan = RolloutSteps.Plan(view, status);
        return plan.Ask.IsEmpty ? plan : Hold(view, plan.Status, budget);
    }

    private static RolloutPlan Hold(RolloutView view, ModelRolloutStatus status, RolloutBudget budget)
    {
        // Users have nobody until somebody answers.
        if (status.CandidateWeight is null or 0 && CapacityPlanner.IsAlone(status)) return RolloutPlanner.TurnDown(view, status, $"{Exhausted}: {budget.Say(status.BudgetUsed)} used, which is no pass, and users wait meanwhile");
        var why = $"{budget.Say(status.BudgetUsed)} used, which is no pass. Approve to allow the same again, or abort";
        var approvals = status.ApprovalsUsed ?? 0;
        if ((view.Rollout.Spec.Approved ?? 0) > approvals)
        {
            var more = RolloutPlanner.Decided(view, status with { ApprovalsUsed = approvals + 1, BudgetUsed = status.BudgetUsed! with { Approved = Amounts(status.BudgetUsed) } }, "Approved", why);
            return new RolloutPlan(more with { Phase = view.Candidate?.Status?.Phase is Api.ModelDeployments.DeploymentPhase.Running ? RolloutPhase.Progressing : RolloutPhase.Provisioning, Message = "More was approved" }) { After = TimeSpan.Zero };
        }

        if (status.History is not [.., { What: Exhausted }]) status = RolloutPlanner.Decided(view, status, Exhausted, why);
        return new RolloutPlan(status with { Phase = RolloutPhase.Paused, Message = $"{Exhausted}: {why} (slipway rollout approve {view.Rollout.Metadata.Name})" }) { After = s_waiting };
    }

    private static long? Accelerators(RolloutView view, ModelRolloutStatus status)
    {
        if (status.Capacity is not { CandidateAccelerators: { } each } capacity) return null;
        var replicas = (long)Math.Max(capacity.CandidateReplicas, view.Candidate?.Status?.Replicas?.Desired ?? 0);
        return (replicas * each) + (view.Control is null ? 0 : capacity.CandidateReplicas * (long)(capacity.StableAccelerators ?? each));
    }

    private static BudgetAmounts Amounts(BudgetUsed used) => new() { Requests = used.Requests, Tokens = used.Tokens, Money = used.Money, AcceleratorSeconds = used.AcceleratorSeconds };
}
