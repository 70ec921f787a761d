using System.Collections.Immutable;
using Slipway.Api.Rollouts;

namespace Slipway.Operator.Rollouts.Offline;

/// <summary>Decides where the two sides of a rollout are asked one after the other, for there is no room for both. Pure.</summary>
internal static class OfflinePlanner
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <summary>Whether a rollout is judged that way.</summary>
    public static bool IsOffline(RolloutCapacity? spec) => spec?.Strategy is CapacityStrategy.ShadowOffline;

    /// <summary>Why a rollout cannot be judged that way; null where it can.</summary>
    /// <param name="spec">What it wants.</param>
    /// <param name="name">The deployment.</param>
    public static string? Unfit(ModelRolloutSpec spec, string? name)
    {
        const string Strategy = "spec.capacity.strategy: ShadowOffline";
        if (spec.Capacity?.AllowDowntime != true)
            return $"{Strategy} stops {name} while the candidate is judged in its place: users get 503 until there is a verdict. Allow it with spec.capacity.allowDowntime: true, or make room for both (Surge)";
        if (spec.Steps.All(static s => s.Gates is null)) return $"{Strategy} compares what both sides answer to the suites of gates, and no step has any: add one";
        if (spec.Steps.Any(static s => s.Parity is not null || s.Shadow is not null)) return $"{Strategy} has one side at a time, and parity and shadow steps ask both: leave them out";
        if (spec.Steps.Any(static s => s.Pause is not null)) return $"{Strategy} would keep users waiting for whoever approves: leave pauses out";
        return spec.Steps.FirstOrDefault(static s => s.Canary is { Weight: < 100 })?.Canary is { } canary
            ? $"{Strategy} leaves nobody for the other {100 - canary.Weight} of 100 requests: a canary step has to have a weight of 100 then" : null;
    }

    /// <summary>What comes before the model as it is makes way: its answers are gathered. Null once they are, and for every other strategy.</summary>
    public static RolloutPlan? Plan(RolloutView view, ModelRolloutStatus status)
    {
        var (spec, name) = (view.Rollout.Spec, view.Rollout.Spec.DeploymentRef.Name);
        if (!IsOffline(spec.Capacity) || status.Capacity is not { StableReplicas: > 0 } capacity) return null;
        if (view.Gathered is { Broken: { } broken }) return RolloutPlanner.TurnDown(view, status, $"what {name} answers cannot be gathered: {broken}");
        if (view.Gathered is { IsDone: true } done)
        {
            var why = $"{name} has answered all {done.Total} units of the gates' prompts and makes way for the candidate; users get 503 until there is a verdict";
            return new RolloutPlan(RolloutPlanner.Decided(view, status, "Gathered", why) with { Capacity = capacity with { StableReplicas = 0 }, Message = why }) { After = s_soon };
        }

        var setups = ImmutableArray.CreateBuilder<GateSetup>();
        foreach (var gate in spec.Steps.SelectMany(static s => s.Gates ?? []).Distinct(StringComparer.Ordinal))
        {
            var (setup, problem) = view.Gate(gate);
            if (setup is null) return RolloutPlanner.TurnDown(view, status, problem!);
            setups.Add(setup);
        }

        return new RolloutPlan(status with { Message = $"{name} answers the gates' prompts before it makes way: {view.Gathered?.Gathered ?? 0} of {setups.Sum(static s => s.Units.Length)}" }) { Gather = setups.ToImmutable(), After = s_soon };
    }
}
