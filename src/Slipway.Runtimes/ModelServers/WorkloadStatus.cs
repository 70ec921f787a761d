using System.Text.Json;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>How a Deployment or LeaderWorkerSet is.</summary>
/// <param name="Role">The role that it runs.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="IsCurrent">Whether its controller has seen what is wanted now.</param>
/// <param name="Desired">Replicas that are wanted.</param>
/// <param name="Updated">Replicas as they are wanted now, ready or not.</param>
/// <param name="Ready">Replicas that answer.</param>
/// <param name="Available">Replicas that have answered for `minReadySeconds`; LeaderWorkerSet knows only those that answer.</param>
/// <param name="Stuck">That its controller has given up waiting, in its words; only Deployments do.</param>
/// <param name="Refused">That its pods are not even made, in the API's words: a quota, a policy, a missing service account.</param>
internal sealed record WorkloadStatus(
    ServerRole Role, bool Exists, bool IsCurrent, int Desired, int Updated, int Ready, int Available, string? Stuck, string? Refused)
{
    /// <summary>Whether its controller has not looked at it at all.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Reads a role's, which in gangs is one for each replica.</summary>
    /// <param name="role">The role.</param>
    /// <param name="name">The name of the first.</param>
    /// <param name="observed">What the API has.</param>
    public static WorkloadStatus Read(ServerRole role, string name, Observation observed)
    {
        var first = observed.Find(role.Kind.Kind, name);
        if (role.Replicas is not > 1 || first is not { } there || !GangSupport.IsGang(there)) return Read(role, first);
        var each = ServerGangs.Names(name, role.Replicas.Value).Select(n => Read(role with { Replicas = 1 }, observed.Find(role.Kind.Kind, n))).ToList();
        return new WorkloadStatus(
            role, each.TrueForAll(e => e.Exists), each.TrueForAll(e => e.IsCurrent), role.Replicas.Value, each.Sum(e => e.Updated), each.Sum(e => e.Ready), each.Sum(e => e.Available),
            each.Find(e => e.Stuck is not null)?.Stuck, each.Find(e => e.Refused is not null)?.Refused)
        { IsNew = each.TrueForAll(e => e.IsNew) };
    }

    private static WorkloadStatus Read(ServerRole role, JsonElement? workload)
    {
        if (workload is not { } value) return new WorkloadStatus(role, false, false, role.Replicas ?? 0, 0, 0, 0, null, null);
        var ready = value.Number("status", "readyReplicas") ?? 0;
        // Both controllers write observedGeneration with their first status.
        var seen = value.At("status", "observedGeneration") is not null;
        return new WorkloadStatus(
            role,
            Exists: true,
            IsCurrent: seen && value.IsCurrent(),
            Desired: role.Replicas ?? value.Number("spec", "replicas") ?? 1,
            Updated: value.Number("status", "updatedReplicas") ?? 0,
            Ready: ready,
            Available: role.SpansNodes ? ready : value.Number("status", "availableReplicas") ?? 0,
            Stuck: value.Condition("Progressing") is { IsFalse: true, Reason: "ProgressDeadlineExceeded" } stuck ? stuck.Message.TrimEnd('.') : null,
            Refused: value.Condition("ReplicaFailure") is { IsTrue: true } refused ? refused.Message.TrimEnd('.') : null)
        { IsNew = !seen };
    }
}
