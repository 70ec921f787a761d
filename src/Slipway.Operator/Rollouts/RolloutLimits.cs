using Slipway.Api.Rollouts;

namespace Slipway.Operator.Rollouts;

/// <summary>What users' own requests are held to in steps that give the candidate traffic. Pure.</summary>
public static class RolloutLimits
{
    /// <summary>The limits in time, in the order in which their evidence stands in the status: those that the rollout declares, then what its limit of costs comes to.</summary>
    /// <param name="spec">What the rollout wants.</param>
    /// <param name="capacity">What was found before it began.</param>
    public static IReadOnlyList<LatencyLimit> Of(ModelRolloutSpec spec, CapacityStatus? capacity)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var declared = spec.Latency ?? [];
        return spec.Cost is not { } cost || capacity?.CostFactor is not { } factor ? declared
            : [.. declared, new LatencyLimit { Measure = LatencyMeasure.WholeAnswer, Ratio = cost.Ratio / factor, Quantile = cost.Quantile }];
    }

    /// <summary>Whether one of them is the limit of costs.</summary>
    /// <param name="spec">What the rollout wants.</param>
    /// <param name="index">Its place.</param>
    public static bool IsCost(ModelRolloutSpec spec, int index)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Cost is not null && index == (spec.Latency?.Count ?? 0);
    }

    /// <summary>What is limited, and by no step judged; null for nothing.</summary>
    /// <param name="spec">What the rollout wants.</param>
    public static string? Unjudged(ModelRolloutSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Steps.Any(static s => s.Canary is not null)) return null;
        var what = spec.Cost is not null ? "spec.cost" : spec.Latency is { Count: > 0 } && spec.Steps.All(static s => s.Shadow is null) ? "spec.latency" : null;
        return what is null ? null : $"{what} is judged by requests of users, and no step gives the candidate any: add a canary step, or leave it out";
    }
}
