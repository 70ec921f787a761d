using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Offline;
using Slipway.Operator.Rollouts.Preflight;

namespace Slipway.Operator.Rollouts;

/// <summary>Decides what happens next in a rollout. Pure: the same view gives the same plan, so that a process that took over decides as the one before would have.</summary>
internal static class RolloutPlanner
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>How long after the weights changed nobody is sent to the candidate any more for sure.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    /// <summary>How long requests in flight are waited for when their engine is to stop.</summary>
    private static readonly TimeSpan s_drain = TimeSpan.FromMinutes(5);

    /// <summary>Decides.</summary>
    public static RolloutPlan Plan(RolloutView view)
    {
        var rollout = view.Rollout;
        var status = BudgetPlanner.Count(view, (rollout.Status ?? new ModelRolloutStatus()) with { ObservedGeneration = rollout.Metadata.Generation });
        var plan = status.Phase switch
        {
            null or RolloutPhase.Pending => Begin(view, status),
            RolloutPhase.Provisioning or RolloutPhase.Progressing or RolloutPhase.Paused => Stop(view, status) is { } why ? TurnDown(view, status, why) : Proceed(view, status),
            RolloutPhase.Promoting => Promoting(view, status),
            RolloutPhase.RollingBack => RollingBack(view, status),
            _ => new RolloutPlan(status) { Finished = true },
        };
        return plan with { Scale = CapacityPlanner.Scale(view, plan.Status) };
    }

    private static RolloutPlan Begin(RolloutView view, ModelRolloutStatus status)
    {
        var (rollout, spec) = (view.Rollout, view.Rollout.Spec);
        if (rollout.Metadata.DeletionTimestamp is not null) return new RolloutPlan(status) { Finished = true };
        if (Obstacle(view) is { } obstacle) return new RolloutPlan(status with { Phase = RolloutPhase.Pending, Message = obstacle }) { After = TimeSpan.FromSeconds(10) };
        var (capacity, found, lacks) = CapacityPlanner.Begin(view, CandidateMaker.Make(rollout, view.Stable!).Candidate!);
        if (lacks is not null) return new RolloutPlan(status with { Phase = RolloutPhase.Pending, Message = lacks }) { After = TimeSpan.FromSeconds(10) };
        return new RolloutPlan(Decided(view, status, "Started", $"{spec.DeploymentRef.Name} is to be changed in {spec.Steps.Count} steps{(found is null ? "" : $"; {found}")}") with
        {
            Phase = RolloutPhase.Provisioning,
            Step = 0,
            StartTime = view.Now,
            StepStartTime = view.Now,
            CandidateName = CandidateMaker.Name(rollout),
            CandidateWeight = 0,
            Capacity = capacity,
            CandidateDigest = CandidateMaker.Digest(spec.Candidate),
            StableDigest = CandidateMaker.Digest(view.Stable!),
            Message = "The candidate is being made",
        })
        {
            After = TimeSpan.Zero,
        };
    }

    // What is known to end badly is not begun: no accelerator is spent on it.
    private static string? Obstacle(RolloutView view)
    {
        var spec = view.Rollout.Spec;
        if (spec.Abort == true) return "spec.abort is set: nothing was begun";
        if (spec.Steps.Count == 0) return "spec.steps is empty: nothing would show that the candidate is good enough";
        if (RolloutLimits.Unjudged(spec) is { } unjudged) return unjudged;
        if (view.Stable is not { } stable) return $"There is no ModelDeployment {spec.DeploymentRef.Name}";
        if (stable.Metadata.Annotations?.ContainsKey(ModelRollout.ReplacedByAnnotation) == true)
            return $"{spec.DeploymentRef.Name} was replaced by {stable.Metadata.Annotations[ModelRollout.ReplacedByAnnotation]}: change that one";
        if (view.Others.FirstOrDefault(o => GoesFirst(o, view.Rollout)) is { } other) return $"Rollout {other.Metadata.Name} of the same deployment goes first: one at a time";
        if (CandidateMaker.Make(view.Rollout, stable) is { Problem: { } problem }) return problem;
        var running = stable.Status?.Phase is DeploymentPhase.Running;
        if (running && view.Obstacle(stable) is { } way) return way;
        foreach (var gate in spec.Steps.SelectMany(static s => s.Gates ?? []))
        {
            if (view.Gate(gate).Problem is { } wrong) return wrong;
        }

        foreach (var step in spec.Steps)
        {
            if (step.Shadow is { Source: ShadowSource.Recorded } shadow && view.Steps.Recorded(shadow, null).Problem is { } few) return few;
            if (step.Parity is { } parity && view.Steps.Parity(parity).Problem is { } unusable) return unusable;
        }

        return !running ? $"{spec.DeploymentRef.Name} does not answer now ({stable.Status?.Message}): there is nothing to compare with" : null;
    }

    // One that is under way; and of several that wait the oldest, so that all of them say the same of who begins.
    private static bool GoesFirst(ModelRollout other, ModelRollout mine) => other.Status?.Phase switch
    {
        RolloutPhase.Promoted or RolloutPhase.RolledBack => false,
        null or RolloutPhase.Pending => other.Metadata.DeletionTimestamp is null && other.Spec.Abort != true
            && (other.Metadata.CreationTimestamp, other.Metadata.Uid ?? "").CompareTo((mine.Metadata.CreationTimestamp, mine.Metadata.Uid ?? "")) < 0,
        _ => true,
    };

    // Why a rollout that is under way has to end; null when it goes on. Nothing here needs a judge or a metric.
    private static string? Stop(RolloutView view, ModelRolloutStatus status)
    {
        var (rollout, spec) = (view.Rollout, view.Rollout.Spec);
        if (spec.Abort == true) return "spec.abort was set";
        if (rollout.Metadata.DeletionTimestamp is not null) return "the rollout is being deleted";
        if (view.Stable is null) return $"{spec.DeploymentRef.Name} is gone";
        if (CandidateMaker.Digest(view.Stable) != status.StableDigest) return $"{spec.DeploymentRef.Name} was changed meanwhile: what was compared is no more";
        if (CandidateMaker.Digest(spec.Candidate) != status.CandidateDigest) return "spec.candidate was changed meanwhile: make a new rollout for it";
        if (status.StartTime + TimeSpan.FromSeconds(spec.DeadlineSeconds ?? 7200) <= view.Now) return $"it is not through after {spec.DeadlineSeconds ?? 7200} s (spec.deadlineSeconds)";
        if (view.Candidate?.Status is { Phase: DeploymentPhase.Failed } failed) return $"the candidate cannot run: {failed.Message}";
        if (view.Control?.Status is { Phase: DeploymentPhase.Failed } broken) return $"the control replica cannot run: {broken.Message}";
        if (status.Capacity?.ControlName is not null && view.Control is null && status.Phase is not RolloutPhase.Provisioning) return "the control replica is gone";
        return view.Candidate is null && status.Phase is not RolloutPhase.Provisioning ? "the candidate is gone" : null;
    }

    private static RolloutPlan Proceed(RolloutView view, ModelRolloutStatus status)
    {
        if (status.Phase is RolloutPhase.Provisioning)
        {
            if (view.Candidate is null)
            {
                if (OfflinePlanner.Plan(view, status) is { } gathering) return gathering;
                if (CapacityPlanner.Waits(view, status) is { } waits) return new RolloutPlan(status with { Message = waits }) { After = s_soon };
                var (candidate, problem) = CandidateMaker.Make(view.Rollout, view.Stable!);
                return candidate is null ? TurnDown(view, status, problem!) : new RolloutPlan(status) { Create = CapacityPlanner.Sized(candidate, status.Capacity), After = s_soon };
            }

            if (view.Candidate.Status?.Phase is not DeploymentPhase.Running && view.Rollout.Spec.Budget?.Exhausted(status.BudgetUsed) is null)
                return new RolloutPlan(status with { Message = $"The candidate is being brought up: {view.Candidate.Status?.Message ?? "it was only just made"}" }) { Create = MissingControl(view, status), After = s_soon };
            if (status.Capacity?.ControlName is not null && view.Control?.Status?.Phase is not DeploymentPhase.Running && view.Rollout.Spec.Budget?.Exhausted(status.BudgetUsed) is null)
                return new RolloutPlan(status with { Message = $"The control replica is being brought up: {view.Control?.Status?.Message ?? "it was only just made"}" }) { Create = MissingControl(view, status), After = s_soon };
            if (view.Candidate.Status?.Phase is DeploymentPhase.Running) status = status with { Phase = RolloutPhase.Progressing, StepStartTime = view.Now };
        }

        return BudgetPlanner.Plan(view, status);
    }

    private static ModelDeployment? MissingControl(RolloutView view, ModelRolloutStatus status) =>
        status.Capacity?.ControlName is not null && view.Control is null ? CandidateMaker.Control(view.Rollout, view.Stable!, status.Capacity.CandidateReplicas) : null;

    /// <summary>All traffic back to the model as it is, written down with the reason.</summary>
    public static RolloutPlan TurnDown(RolloutView view, ModelRolloutStatus status, string why) =>
        new(Decided(view, status, "Aborted", why) with { Phase = RolloutPhase.RollingBack, CandidateWeight = 0, DecisionTime = view.Now, Message = $"Turned down: {why}" }) { After = s_settle };

    private static RolloutPlan Promoting(RolloutView view, ModelRolloutStatus status)
    {
        if (view.Rollout.Spec.Abort == true) return TurnDown(view, status, "it was undone (spec.abort)");
        if (view.Candidate is null) return TurnDown(view, status, "the candidate is gone");
        // It has had its use, and gets no requests any more.
        var since = view.Now - status.DecisionTime!.Value;
        if (view.Control is not null) return new RolloutPlan(status) { DeleteControl = since > s_settle && (view.ControlInFlight == 0 || since > s_drain), After = s_soon };
        if (view.Candidate.Status?.Phase is DeploymentPhase.Failed) return TurnDown(view, status, $"the candidate broke: {view.Candidate.Status.Message}");
        var until = status.DecisionTime + TimeSpan.FromSeconds(view.Rollout.Spec.KeepStableSeconds ?? 600);
        // Who deletes the rollout does not want to wait, and does not want the traffic to go back.
        if (until > view.Now && view.Rollout.Metadata.DeletionTimestamp is null) return new RolloutPlan(status) { After = s_soon };
        var handed = view.Stable is null || view.Stable.Metadata.Annotations?.ContainsKey(ModelRollout.ReplacedByAnnotation) == true;
        return handed
            ? new RolloutPlan(Decided(view, status, "Promoted", $"{status.CandidateName} has the place of {view.Rollout.Spec.DeploymentRef.Name}, which is stopped and can be deleted") with
            {
                Phase = RolloutPhase.Promoted,
                Message = $"{status.CandidateName} serves",
            })
            {
                Finished = true,
            }
            : new RolloutPlan(status) { HandOver = true, After = s_soon };
    }

    private static RolloutPlan RollingBack(RolloutView view, ModelRolloutStatus status)
    {
        if (view is { Candidate: null, Control: null })
        {
            // What the deployment gave up comes back by that: it has what it declares as soon as no rollout says otherwise.
            var whole = status.Capacity is { } capacity ? capacity with { StableReplicas = capacity.Replicas } : null;
            return new RolloutPlan(status with { Phase = RolloutPhase.RolledBack, Capacity = whole }) { Finished = true };
        }

        var since = view.Now - status.DecisionTime!.Value;
        var keep = TimeSpan.FromSeconds(view.Rollout.Metadata.DeletionTimestamp is null && !CapacityPlanner.IsAlone(status) ? view.Rollout.Spec.KeepCandidateSeconds ?? 60 : 0);
        var drained = since > s_settle && (view.Traffic.InFlight == 0 || since > s_drain);
        var unused = since > s_settle && (view.ControlInFlight == 0 || since > s_drain);
        return new RolloutPlan(status) { Delete = view.Candidate is not null && drained && since >= keep, DeleteControl = view.Control is not null && unused, After = s_soon };
    }

    /// <summary>A status with one more thing decided.</summary>
    public static ModelRolloutStatus Decided(RolloutView view, ModelRolloutStatus status, string what, string why) => status with
    {
        History = [.. (status.History ?? []).TakeLast(99), new RolloutDecision { Time = view.Now, Step = status.Step, What = what, Why = why }],
    };
}
