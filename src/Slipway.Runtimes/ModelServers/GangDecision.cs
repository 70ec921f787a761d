using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.ModelServers;

/// <summary>What is decided about the gangs of a role whose replicas span nodes.</summary>
/// <param name="State">What the status says of it.</param>
/// <param name="Joins">Whether its pods name a group.</param>
/// <param name="Makes">Whether the groups are made.</param>
/// <param name="ExclusiveKey">The label of nodes of which each replica gets a value for itself, by LeaderWorkerSet; null for none.</param>
internal sealed record GangDecision(GangState State, bool Joins = false, bool Makes = false, string? ExclusiveKey = null)
{
    /// <summary>LeaderWorkerSet's annotation: one group on each value of a label of nodes, and its workers made after its leader has a node.</summary>
    public const string ExclusiveTopology = "leaderworkerset.sigs.k8s.io/exclusive-topology";

    /// <summary>What gangs of a role are made with: those that are there stay while it is the same.</summary>
    public static string Mark(ServerRole role) => string.Join(' ', ((string?[])[GangObjects.PodGroupKind.Kind, role.TopologyKey, role.SharedClaim]).OfType<string>());

    /// <summary>Decides.</summary>
    /// <param name="role">The role.</param>
    /// <param name="workload">What was rendered for it, overrides and all.</param>
    /// <param name="gangs">What the cluster can, and what is made of it.</param>
    /// <returns>The decision; null where each replica is one pod.</returns>
    public static GangDecision? Of(ServerRole role, JsonObject workload, GangSupport gangs)
    {
        if (!role.SpansNodes) return null;
        var pods = $"{role.Nodes.ToString(CultureInfo.InvariantCulture)} pods of {(role.Title.Length == 0 ? "a" : $"a {role.Title}")} replica";
        var decision = Decide(role, workload, gangs, pods);
        return decision with { State = decision.State with { Waits = Waits(role, decision, gangs) } };
    }

    private static GangDecision Decide(ServerRole role, JsonObject workload, GangSupport gangs, string pods)
    {
        GangDecision OneByOne(string reason, string why, bool joins = false)
        {
            var apart = joins || role.TopologyKey is not { } key ? "" : $". Each replica has a {key} for itself (LeaderWorkerSet's exclusive topology), so that they do not wait for each other";
            return new(new GangState(false, reason, $"The {pods} are scheduled one by one, so that some may hold accelerators and wait for the others: {why}{apart}"), joins, ExclusiveKey: joins ? null : role.TopologyKey);
        }

        var metadata = workload["metadata"]!;
        if (metadata["labels"]?[KueueQueue.Label] is not null) return new(new GangState(true, "Kueue", $"Kueue admits the {pods} together"));
        if (role.Gang is GangPolicy.Never) return OneByOne("NotWanted", "spec.scheduling.gang is Never");
        if (role.Replicas is not { } replicas) return OneByOne("Autoscaled", "replicas that an autoscaler makes have no group of their own; set spec.scaling.replicas in place of spec.scaling.autoscaling for that");
        if (Overrides.Text(workload["spec"], "startupPolicy") is "LeaderReady") return OneByOne("LeaderReady", "startupPolicy LeaderReady makes no worker before its leader is ready; leave that override out");
        if (metadata["annotations"]?[ExclusiveTopology] is not null)
            return OneByOne("ExclusiveTopology", "for an exclusive topology LeaderWorkerSet makes the workers after their leader has a node; leave that override out");
        if (!ServerGangs.Fits((string)metadata["name"]!, replicas)) return OneByOne("NameTooLong", "the deployment's name leaves no room for a number behind it; give it a shorter one");

        var made = gangs.Made == Mark(role);
        if (gangs.Dialect is not { } dialect) return OneByOne("NotServed", gangs.Why, made);
        if (!dialect.HasPodGroups) return OneByOne("NotServed", $"LeaderWorkerSet does not hand on {dialect.PodField}, by which pods name their group in Kubernetes 1.35; upgrade the cluster to 1.36 or later", made);
        var places = role.TopologyKey is null || gangs.Fields.HasFlag(GangFields.Topology);
        if (!places && !made)
            return OneByOne("NoTopology", $"the cluster keeps no schedulingConstraints of a PodGroup, by which a gang has one {role.TopologyKey}; turn on the feature gate TopologyAwareWorkloadScheduling");
        var place = role.TopologyKey is not { } rack ? "" : places ? $", within one {rack}" : $"; where they run now all are in one {rack}, but the cluster keeps no schedulingConstraints any more, by which others would be";
        return new(new GangState(true, GangObjects.PodGroupKind.Kind, $"The {pods} start together or not at all{place} (PodGroup, scheduling.k8s.io/{dialect.Version})"), Joins: true, Makes: true);
    }

    private static string? Waits(ServerRole role, GangDecision decision, GangSupport gangs)
    {
        if (role.Gang is GangPolicy.Required && decision.State.Together is not true) return $"{decision.State.Message}. It waits, since spec.scheduling.gang is Required";
        // Without the group's claim a server makes one for each pod, without a word.
        if (role.SharedClaim is not { } template || decision.Joins && (gangs.Made == Mark(role) || decision.Makes && gangs.Fields.HasFlag(GangFields.Claims))) return null;
        var why = decision.Makes ? "the cluster keeps no resourceClaims of a PodGroup; turn on the feature gate DRAWorkloadResourceClaims" : $"only the pods of a gang share one (PodGroup). {decision.State.Message}";
        return $"A claim by the template {template} cannot be shared by the pods of a replica, as {role.Demand.Path}.replicaClaimTemplateName asks: {why}";
    }
}
