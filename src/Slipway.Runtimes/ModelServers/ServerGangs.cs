using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;

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

    /// <summary>Whether the name of a role's last replica leaves room for what LeaderWorkerSet adds.</summary>
    /// <param name="workload">The first one's name.</param>
    /// <param name="replicas">How many replicas.</param>
    public static bool Fits(string workload, int replicas) => Names(workload, replicas).Last().Length <= LongestName;

    /// <summary>Makes gangs of a role's replicas where that was decided, and gives each a place for itself where it was.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="role">The role.</param>
    /// <param name="workload">What was rendered for it, overrides and all; changed to its first replica.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <returns>The other replicas, the Workload and the groups.</returns>
    public static IReadOnlyList<JsonObject> Gather(ModelDeployment deployment, ServerRole role, JsonObject workload, ClusterApis apis)
    {
        if (GangDecision.Of(role, workload, apis.Gangs) is not { } decision) return [];
        if (decision.ExclusiveKey is { } key)
        {
            Rendered.Annotate(workload, GangDecision.ExclusiveTopology, key);
            // LeaderWorkerSet reads it as it makes pods, and makes none anew for it.
            Rendered.Identify(workload, role.Nodes.ToString(CultureInfo.InvariantCulture), key);
        }

        if (!decision.Joins) return [];
        var name = (string)workload["metadata"]!["name"]!;
        var template = workload["spec"]!["leaderWorkerTemplate"]!.ToJsonString();
        var revision = Rendered.Digest(role.TopologyKey is null ? template : $"{template}\n{role.TopologyKey}")[..8];
        Rendered.Annotate(workload, GangObjects.Annotation, GangDecision.Mark(role));
        var others = Names(name, role.Replicas!.Value).Skip(1).Select(n => Replica(workload, n, revision)).ToList();
        Join(workload, name, revision);
        workload["spec"]!["replicas"] = Math.Min(1, role.Replicas.Value);
        if (!decision.Makes || role.Replicas.Value == 0) return others;
        var groups = Names(name, role.Replicas.Value).Select(n => $"{n}-{revision}").ToList();
        var content = new GangContent(role.Nodes, apis.Gangs.Fields) { TopologyKey = role.TopologyKey, ClaimTemplate = role.SharedClaim, PriorityClass = deployment.Spec.PriorityClassName };
        return [.. others, .. GangObjects.Render(deployment, apis.Gangs.Dialect!, $"{name}-{revision}", groups, content)];
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
