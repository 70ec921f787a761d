using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Gangs of LeaderWorkerSets: the pods of one replica start together or not at all.</summary>
/// <remarks>
/// All groups of one LeaderWorkerSet have one template, and a template can name but one PodGroup. So each replica is a LeaderWorkerSet of its own:
/// the first keeps the name, that the second is NAME-r1, and so on.
/// </remarks>
internal static class ServerGangs
{
    // Of NAME-r1-0, the StatefulSet that LWS makes for the workers, with the 11 characters that its revision label adds.
    private const int LongestName = 63 - 11 - 2;

    /// <summary>The LeaderWorkerSets of a role.</summary>
    /// <param name="workload">The first one's name.</param>
    /// <param name="replicas">How many replicas.</param>
    public static IEnumerable<string> Names(string workload, int replicas) =>
        Enumerable.Range(0, Math.Max(1, replicas)).Select(i => i == 0 ? workload : string.Create(CultureInfo.InvariantCulture, $"{workload}-r{i}"));

    /// <summary>Whether the pods of a role's replicas start together; null where each replica is one pod.</summary>
    /// <param name="role">The role.</param>
    /// <param name="workload">What was rendered for it, overrides and all.</param>
    /// <param name="apis">What the cluster serves.</param>
    public static GangState? State(ServerRole role, JsonObject workload, ClusterApis apis)
    {
        if (!role.SpansNodes) return null;
        var pods = $"{role.Nodes.ToString(CultureInfo.InvariantCulture)} pods of {(role.Title.Length == 0 ? "a" : $"a {role.Title}")} replica";
        GangState OneByOne(string reason, string why) => new(false, reason, $"The {pods} are scheduled one by one, so that some may hold accelerators and wait for the others: {why}");

        var metadata = workload["metadata"]!;
        if (metadata["labels"]?[KueueQueue.Label] is not null) return new(true, "Kueue", $"Kueue admits the {pods} together");
        if (role.Replicas is not { } replicas) return OneByOne("Autoscaled", "replicas that an autoscaler makes have no group of their own; set spec.scaling.replicas in place of spec.scaling.autoscaling for that");
        if (Overrides.Text(workload["spec"], "startupPolicy") is "LeaderReady") return OneByOne("LeaderReady", "startupPolicy LeaderReady makes no worker before its leader is ready; leave that override out");
        if (metadata["annotations"]?["leaderworkerset.sigs.k8s.io/exclusive-topology"] is not null)
            return OneByOne("ExclusiveTopology", "for an exclusive topology LeaderWorkerSet makes the workers after their leader has a node; leave that override out");
        if (Names((string)metadata["name"]!, replicas).Last().Length > LongestName) return OneByOne("NameTooLong", "the deployment's name leaves no room for a number behind it; give it a shorter one");
        if (apis.Gangs.Dialect is not { } dialect) return OneByOne("NotServed", apis.Gangs.Why);
        return dialect.HasPodGroups
            ? new(true, "PodGroup", $"The {pods} start together or not at all (PodGroup, scheduling.k8s.io/{dialect.Version})")
            : OneByOne("NotServed", $"LeaderWorkerSet does not hand on {dialect.PodField}, by which pods name their group in Kubernetes 1.35; upgrade the cluster to 1.36 or later");
    }

    /// <summary>Makes gangs of a role's replicas where the cluster has them.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="role">The role.</param>
    /// <param name="workload">What was rendered for it, overrides and all; changed to its first replica.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <returns>The other replicas, the Workload and the groups.</returns>
    public static IReadOnlyList<JsonObject> Gather(ModelDeployment deployment, ServerRole role, JsonObject workload, ClusterApis apis)
    {
        var supported = State(role, workload, apis) is { Reason: "PodGroup" };
        if (!supported && !(apis.Gangs is { Dialect: null, InPods: true } && State(role, workload, apis) is { Reason: "NotServed" })) return [];
        var name = (string)workload["metadata"]!["name"]!;
        var revision = Rendered.Digest(workload["spec"]!["leaderWorkerTemplate"]!.ToJsonString())[..8];
        Rendered.Annotate(workload, GangObjects.Annotation, "PodGroup");
        var others = Names(name, role.Replicas!.Value).Skip(1).Select(n => Replica(workload, n, revision)).ToList();
        Join(workload, name, revision);
        workload["spec"]!["replicas"] = Math.Min(1, role.Replicas.Value);
        var groups = role.Replicas.Value == 0 ? [] : Names(name, role.Replicas.Value).Select(n => $"{n}-{revision}").ToList();
        return [.. others, .. supported && groups.Count > 0 ? GangObjects.Render(deployment, apis.Gangs.Dialect!, $"{name}-{revision}", groups, role.Nodes) : []];
    }

    private static JsonObject Replica(JsonObject first, string name, string revision)
    {
        var replica = first.DeepClone().AsObject();
        replica["metadata"]!["name"] = name;
        replica["spec"]!["replicas"] = 1;
        Join(replica, name, revision);
        return replica;
    }

    private static void Join(JsonObject workload, string name, string revision)
    {
        foreach (var template in (string[])["leaderTemplate", "workerTemplate"]) GangObjects.Join(workload["spec"]!["leaderWorkerTemplate"]![template]!, $"{name}-{revision}");
    }
}
