using System.Globalization;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Offline;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>Decides who has how many replicas while a rollout is under way. Pure.</summary>
internal static class CapacityPlanner
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Decides whether the candidate may be made, and with how many replicas beside how many.</summary>
    /// <param name="view">All that it rests on.</param>
    /// <param name="candidate">The candidate with all the replicas that it declares.</param>
    /// <returns>Who has how many, and what was found; or what stands in the way.</returns>
    public static (CapacityStatus? Status, string? Found, string? Obstacle) Begin(RolloutView view, ModelDeployment candidate)
    {
        var (spec, stable, room) = (view.Rollout.Spec.Capacity, view.Stable!, view.Room);
        var (name, had, all) = (stable.Metadata.Name, Had(stable), Declared(candidate));
        var replicas = spec?.CandidateReplicas ?? (IsSwap(spec) ? 1 : all);
        if (Unfit(spec, view.Rollout.Spec.Steps, stable, candidate, all) is { } unfit) return (null, null, unfit);
        if (IsSwap(spec) && room?.RunBy is { } other) return (null, null, $"{name} is run by {other}, a runtime of somebody else's that knows nothing of what {spec!.Strategy} takes: take Surge, or change its replicas yourself");
        if (room?.WaitsFor is { } waits) return (null, null, waits);
        var control = spec?.ControlReplica == true;
        CapacityStatus? status = new CapacityStatus
        {
            Replicas = had,
            StableReplicas = had,
            CandidateReplicas = replicas,
            StableAccelerators = room?.StableEach,
            CandidateAccelerators = room?.CandidateEach,
            AcceleratorPrice = view.Rollout.Spec.Budget?.Money is null ? null : room?.AcceleratorPrice,
            CostFactor = view.Rollout.Spec.Cost is null ? null : room?.CostFactor,
            ControlName = control ? CandidateMaker.ControlName(view.Rollout) : null,
        };
        if (spec is null && view.Rollout.Spec is { Budget: null, Cost: null }) status = null;
        if (view.Rollout.Spec.Cost is not null && room?.CostFactor is null)
            return (null, null, $"What the candidate costs beside {name} is not known: {room?.NoFactor ?? room?.Text ?? "nobody looked"}. Leave spec.cost out, or see to it that prices are known (slipway prices)");
        if (NoBudget(view.Rollout.Spec.Budget, room) is { } unpriced) return (null, null, unpriced);
        if (spec?.MaxExtraAccelerators is { } most)
        {
            if (room?.CandidateEach is not { } each || (control && room.StableEach is null))
                return (null, null, $"How many accelerators the candidate takes is not known, and spec.capacity.maxExtraAccelerators allows {most}: say how many it takes (spec.candidate: resources.gpu.count), or leave the limit out");
            var extra = replicas * (each + (control ? room.StableEach!.Value : 0));
            if (extra > most) return (null, null, $"The candidate{(control ? " and its control replica take" : " takes")} {extra} accelerators beside {name}, and spec.capacity.maxExtraAccelerators allows {most}: allow more, or take fewer replicas (spec.capacity.candidateReplicas)");
        }

        var found = room is null or { Text.Length: 0 } ? null : room.Fits is null ? $"whether there is room for it is not known: {room.Text}" : room.Text;
        if (!IsSwap(spec)) return room?.Fits is false ? (null, null, $"No room for the candidate now: {room.Text}. {Advice(spec, replicas, name)}") : (status, found, null);
        var gives = Gives(room, replicas);
        var left = had - gives;
        if (OfflinePlanner.IsOffline(spec) && OfflinePlanner.Unfit(view.Rollout.Spec, name) is { } unjudged) return (null, null, unjudged);
        if (left < 0) return (null, null, $"No room for the candidate even in the place of all {had} replicas of {name}: {found}. Take fewer replicas (spec.capacity.candidateReplicas), or wait: it goes on by itself when there is room");
        if (OfflinePlanner.IsOffline(spec)) return (status, $"{(found is null ? "" : $"{found}; ")}{name} makes way for it once it has answered the gates' prompts", null);
        if (gives == 0) return (status, $"{found}; {name} keeps all of its replicas", null);
        if (left == 0 && Alone(view.Rollout.Spec, name, had) is { } alone) return (null, null, alone);
        return (status! with { StableReplicas = left }, $"{(found is null ? "" : $"{found}; ")}{name} gives up {gives} of {Replicas(had)} to it", null);
    }

    /// <summary>The candidate with the replicas that it has now.</summary>
    public static ModelDeployment Sized(ModelDeployment candidate, CapacityStatus? capacity) => capacity is null || Declared(candidate) == capacity.CandidateReplicas ? candidate
        : candidate with { Spec = candidate.Spec with { Scaling = (candidate.Spec.Scaling ?? new ScalingSpec()) with { Replicas = capacity.CandidateReplicas } } };

    /// <summary>What the candidate waits for before it is made: that the deployment has let go of what it gives up. Null for nothing.</summary>
    public static string? Waits(RolloutView view, ModelRolloutStatus status)
    {
        if (status.Capacity is not { } capacity || capacity.StableReplicas == capacity.Replicas) return null;
        var there = Math.Max(view.Stable?.Status?.Replicas?.Desired ?? 0, view.Stable?.Status?.Replicas?.Ready ?? 0);
        return there <= capacity.StableReplicas ? null : $"{view.Stable!.Metadata.Name} gives up {capacity.Replicas - capacity.StableReplicas} of {Replicas(capacity.Replicas)}: {there} still there";
    }

    /// <summary>What comes before the candidate answers all requests: it gets the replicas that it was not given to be judged, and as many of them as go leave the deployment. Null when nothing is missing.</summary>
    public static RolloutPlan? Grow(RolloutView view, ModelRolloutStatus status)
    {
        if (view.Rollout.Spec.Capacity is not { } spec || (!IsSwap(spec) && spec.CandidateReplicas is null)) return null;
        if (status.Capacity is not { } capacity || view.Stable is not { } stable || CandidateMaker.Make(view.Rollout, stable).Candidate is not { } made) return null;
        var (name, now, all, ready) = (stable.Metadata.Name, capacity.CandidateReplicas, Declared(made), view.Candidate?.Status?.Replicas?.Ready ?? 0);
        if (ready < now) return new RolloutPlan(status with { Phase = RolloutPhase.Progressing, Message = $"All steps are passed; {ready} of the candidate's {Replicas(now)} {(ready == 1 ? "answers" : "answer")} before it takes all requests" }) { After = s_soon };
        if (now >= all) return null;
        if (!IsSwap(spec) || capacity.StableReplicas == capacity.Replicas)
            return Changed("Scaled", capacity with { CandidateReplicas = all }, status.CandidateWeight ?? 0, $"the candidate gets {Replicas(all)} before it answers all requests");
        var gives = capacity is { CandidateAccelerators: { } wanted, StableAccelerators: > 0 and var freed } ? (wanted + freed - 1) / freed : 1;
        var left = capacity.StableReplicas - gives;
        // One is kept to go back to, as long as there is one.
        if (left < 1) return null;
        var weight = Math.Max(status.CandidateWeight ?? 0, 100 * now / (now + left));
        return Changed("Swapped", capacity with { CandidateReplicas = now + 1, StableReplicas = left }, weight, $"{name} keeps {left} of {Replicas(capacity.Replicas)}, the candidate gets {now + 1} and answers {weight} of 100 requests");

        RolloutPlan Changed(string what, CapacityStatus next, int weight, string why) =>
            new(RolloutPlanner.Decided(view, status, what, why) with { Phase = RolloutPhase.Progressing, Capacity = next, CandidateWeight = weight, Message = why }) { After = s_soon };
    }

    /// <summary>How many replicas the candidate is to be told that it has; null where it has them, or nothing was decided.</summary>
    public static int? Scale(RolloutView view, ModelRolloutStatus status) =>
        status is { Capacity: { } capacity, Phase: RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.Promoting } && view.Candidate is { } candidate && Declared(candidate) != capacity.CandidateReplicas && !IsHanded(view) ? capacity.CandidateReplicas : null;

    /// <summary>How many replicas the candidate gets with the place; null where it has them.</summary>
    public static int? InPlace(RolloutView view, ModelRolloutStatus status) =>
        status.Capacity is { } capacity && view.Stable is { } stable && CandidateMaker.Make(view.Rollout, stable).Candidate is { } made && Declared(made) != capacity.CandidateReplicas ? Declared(made) : null;

    /// <summary>Whether nobody else serves while the candidate is there, so that it is not kept to be looked at.</summary>
    public static bool IsAlone(ModelRolloutStatus status) => status.Capacity is { StableReplicas: 0, Replicas: > 0 };

    // A second hand-over after a crash finds the deployment stopped, and must not take the candidate's replicas away again.
    private static bool IsHanded(RolloutView view) => view.Stable?.Metadata.Annotations?.ContainsKey(ModelRollout.ReplacedByAnnotation) == true;

    private static bool IsSwap(RolloutCapacity? spec) => spec?.Strategy is CapacityStrategy.Swap or CapacityStrategy.ShadowOffline;

    private static int Declared(ModelDeployment deployment) => deployment.Spec.Scaling?.Replicas ?? 1;

    private static int Had(ModelDeployment stable) => stable.Spec.Scaling?.Autoscaling is null ? Declared(stable) : stable.Status?.Replicas?.Desired ?? Declared(stable);

    private static string Replicas(int count) => count == 1 ? "1 replica" : string.Create(CultureInfo.InvariantCulture, $"{count} replicas");

    // What cannot be carried out is not begun, whatever room there is.
    private static string? Unfit(RolloutCapacity? spec, IReadOnlyList<RolloutStep> steps, ModelDeployment stable, ModelDeployment candidate, int all)
    {
        if (spec is null) return null;
        var name = stable.Metadata.Name;
        var counts = IsSwap(spec) || spec.CandidateReplicas is not null;
        var what = IsSwap(spec) ? $"spec.capacity.strategy: {spec.Strategy}" : "spec.capacity.candidateReplicas";
        if (counts && (stable.Spec.Serving?.Mode is ServingMode.Disaggregated || candidate.Spec.Serving?.Mode is ServingMode.Disaggregated))
            return $"{what} counts replicas, and prefill and decode apart have none: leave it out";
        if (IsSwap(spec) && stable.Spec.Scaling?.Autoscaling is not null) return $"{name} scales with the load (spec.scaling.autoscaling), and what {spec.Strategy} takes from it would come back: take Surge, or a number of replicas for as long as the rollout takes";
        if (counts && candidate.Spec.Scaling?.Autoscaling is not null) return $"The candidate scales with the load, and {what} wants a number of replicas: leave it out, or take spec.scaling.autoscaling away in spec.candidate";
        if (spec.CandidateReplicas > all) return $"spec.capacity.candidateReplicas is {spec.CandidateReplicas}, and the candidate declares {Replicas(all)}: take no more";
        return spec.ControlReplica == true ? Control(steps, IsSwap(spec), stable, candidate) : null;
    }

    private static string? Control(IReadOnlyList<RolloutStep> steps, bool isSwap, ModelDeployment stable, ModelDeployment candidate) =>
        isSwap ? "spec.capacity.controlReplica takes as much again as the candidate, and Swap and ShadowOffline are for where there is not even that: leave it out, or take Surge"
        : steps.All(static s => s.Canary is null) ? "spec.capacity.controlReplica is what users' requests are compared by, and no step gives the candidate any: add a canary step, or leave it out"
        : steps.FirstOrDefault(static s => s.Canary is { Weight: > 50 })?.Canary is { } canary ? $"spec.capacity.controlReplica answers as many requests as the candidate, and beside {canary.Weight} of 100 there are not as many: take a weight of at most 50, or leave it out"
        : stable.Spec.Serving?.Mode is ServingMode.Disaggregated || candidate.Spec.Serving?.Mode is ServingMode.Disaggregated ? "spec.capacity.controlReplica is as large as the candidate, and prefill and decode apart have no number of replicas: leave it out"
        : stable.Spec.Scaling?.Autoscaling is not null || candidate.Spec.Scaling?.Autoscaling is not null
        ? "A control replica is as large as the candidate, which takes a number of replicas (spec.scaling.autoscaling is set): leave spec.capacity.controlReplica out" : null;

    // What is limited has to be countable.
    private static string? NoBudget(RolloutBudget? budget, Room? room)
    {
        if (budget is not { Money: not null } and not { AcceleratorSeconds: not null }) return null;
        var field = budget.AcceleratorSeconds is not null ? "acceleratorSeconds" : "money";
        if (room?.CandidateEach is null) return $"spec.budget.{field} needs to know how many accelerators the candidate takes, and that is not known here: limit requests or tokens, or say how many (spec.candidate: resources.gpu.count)";
        if (room.CandidateEach == 0) return $"spec.budget.{field} would limit nothing, for the candidate takes no accelerators: limit requests or tokens";
        return budget.Money is not null && room.AcceleratorPrice is null
            ? $"spec.budget.money needs to know what the candidate runs on costs, and that is not known ({room.NoPrice}): prices are those of the clouds' lists (slipway prices). Limit acceleratorSeconds instead" : null;
    }

    // Replicas that the deployment gives up: those whose accelerators are missing; as many as the candidate has, where nothing is known of accelerators.
    private static int Gives(Room? room, int replicas)
    {
        if (room is not { CandidateEach: { } wanted, StableEach: > 0 and var freed }) return room is { Fits: true, CandidateEach: not 0 } ? 0 : replicas;
        if (room.Fits is true) return 0;
        var missing = replicas * (long)wanted;
        if (room.Free is { } free && free < missing) missing -= free;
        return (int)((missing + freed - 1) / freed);
    }

    // While nobody but the candidate serves there is nothing to compare with, and nobody to share with.
    private static string? Alone(ModelRolloutSpec spec, string? name, int had)
    {
        if (spec.Capacity?.AllowDowntime != true)
            return $"{name} has {Replicas(had)}, and Swap would take all: users would get 503 until the candidate answers. Allow it with spec.capacity.allowDowntime: true, take fewer replicas (spec.capacity.candidateReplicas), or make room for one more (Surge)";
        if (spec.Steps.Any(static s => s.Gates is not null)) return $"{name} has {Replicas(had)}, and Swap would take all: a gate asks both sides, and there would be one. Leave gates out, or make room for one more replica";
        return spec.Steps.FirstOrDefault(static s => s.Canary is { Weight: < 100 })?.Canary is { } canary
            ? $"{name} has {Replicas(had)}, and Swap would take all: of 100 requests {100 - canary.Weight} would find nobody. A canary step has to have a weight of 100 then" : null;
    }

    private static string Advice(RolloutCapacity? spec, int replicas, string? name) =>
        $"It goes on by itself when there is room; or {(replicas > 1 && spec?.CandidateReplicas is null ? "let it be judged with fewer replicas (spec.capacity.candidateReplicas), or " : "")}let {name} give up replicas for it (spec.capacity.strategy: Swap)";
}
