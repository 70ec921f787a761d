using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Whether a deployment's replicas are made gangs. What runs is not restarted because a cluster begins or ceases to have them.</summary>
internal static class GangPlanner
{
    /// <summary>The kind of a gang.</summary>
    public const string PodGroup = "PodGroup";

    /// <summary>The kind of what gangs are made by.</summary>
    public const string Workload = "Workload";

    /// <summary>The reason of a deployment that wants gangs where the cluster has none.</summary>
    public const string Waits = "GangRequired";

    private const string LeaderWorkerSet = "LeaderWorkerSet";

    private static readonly GangSupport s_madeWithout = new(null, "they were made when the cluster had no gangs, and would be restarted for them; delete the deployment and apply it again for that");

    /// <summary>What the cluster can, as far as it is of use to this deployment.</summary>
    /// <param name="input">What is there.</param>
    /// <param name="uid">The deployment's uid.</param>
    public static GangSupport Of(PlanInput input, string? uid)
    {
        var made = input.Objects.Where(o => o.Key.Kind == LeaderWorkerSet && o.Value.IsOwnedBy(uid) && !o.Value.IsDeleting).Select(o => o.Value).ToList();
        if (made.Count == 0) return input.Apis.Gangs;
        if (!made.Exists(o => GangSupport.IsGang(o.Json))) return input.Apis.Gangs.Dialect is null ? input.Apis.Gangs : s_madeWithout;
        return input.Apis.Gangs with { InPods = true };
    }

    /// <summary>Says it in the status.</summary>
    public static void Say(GangState? state, ConditionSet conditions)
    {
        if (state is null) conditions.Remove(ConditionTypes.GangScheduled);
        else conditions.Set(ConditionTypes.GangScheduled, state.Together switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown }, state.Reason, state.Message);
    }

    /// <summary>Whether a deployment has replicas of several pods.</summary>
    public static bool SpansNodes(ModelDeployment deployment) =>
        deployment.Spec.Resources?.Nodes > 1 || deployment.Spec.Scaling?.Prefill?.Nodes > 1 || deployment.Spec.Scaling?.Decode?.Nodes > 1;
}
