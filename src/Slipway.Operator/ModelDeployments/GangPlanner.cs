using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;

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
    /// <param name="deployment">The deployment.</param>
    public static GangSupport Of(PlanInput input, ModelDeployment deployment)
    {
        var made = input.Objects.Where(o => o.Key.Kind == LeaderWorkerSet && o.Value.IsOwnedBy(deployment.Metadata.Uid) && !o.Value.IsDeleting).Select(o => o.Value).ToList();
        if (made.Count == 0) return input.Apis.Gangs;
        if (made.Select(static o => GangSupport.Mark(o.Json)).FirstOrDefault(static m => m is not null) is { } mark) return input.Apis.Gangs with { Made = mark };
        // Who asks for gangs asks for the restart that it takes.
        return input.Apis.Gangs.Dialect is null || deployment.Spec.Scheduling?.Gang is GangPolicy.Required ? input.Apis.Gangs : s_madeWithout;
    }

    /// <summary>
    /// Gives new groups what the Workload has by which they are made: a server refuses others, and a Workload never changes, whatever fields the cluster keeps
    /// by now.
    /// </summary>
    /// <param name="rendered">What is wanted; changed in place.</param>
    /// <param name="objects">What is there.</param>
    public static void Settle(IReadOnlyList<JsonObject> rendered, ImmutableDictionary<ObjectId, CachedObject> objects)
    {
        foreach (var group in rendered.Where(static o => (string?)o["kind"] == PodGroup))
        {
            var spec = group["spec"]!.AsObject();
            var reference = spec["workloadRef"] is null ? "podGroupTemplateRef" : "workloadRef";
            var workload = (string?)(spec["workloadRef"] ?? spec["podGroupTemplateRef"]?["workload"])?["workloadName"];
            if (workload is null || !objects.TryGetValue(new ObjectId(Workload, workload), out var there) || there.IsDeleting) continue;
            if (there.Json.Items("spec", "podGroupTemplates").Select(static t => (JsonElement?)t).FirstOrDefault() is not { } template) continue;
            foreach (var field in spec.Select(static f => f.Key).Where(f => f != reference).ToList()) spec.Remove(field);
            foreach (var field in template.EnumerateObject().Where(static f => f.Name != "name")) spec[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }
    }

    /// <summary>Whether a change is one to a gang that is there, or to its Workload: what they are made with never changes, and what is new has a new name.</summary>
    /// <param name="change">The change.</param>
    public static bool IsToWhatStays(ObjectChange change) => change is ApplyObject { IsNew: false, Kind: PodGroup or Workload };

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
