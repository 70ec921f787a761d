using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Protobuf;

/// <summary>
/// Tells values that were set from zeros that protobuf writes for every field of Go's value types. The form does not say
/// which is which, so the fields whose zero means something are named here.
/// </summary>
internal static class ProtobufZeros
{
    private static readonly HashSet<string> s_meaningful = new(StringComparer.Ordinal)
    {
        "replicas", "parallelism", "completions", "backoffLimit", "leaseTransitions", "runAsUser", "runAsGroup", "fsGroup", "defaultMode", "mode",
        "allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot", "privileged", "automountServiceAccountToken", "controller",
        "blockOwnerDeletion", "suspend", "enableServiceLinks", "terminationGracePeriodSeconds", "revisionHistoryLimit", "ready",
        "allowVolumeExpansion", "value", "gracePeriodSeconds", "orphanDependents", "ttlSecondsAfterFinished", "minReplicas", "partition",
    };

    public static bool MeansNothing(string name, object? value) => value switch
    {
        null => true,
        string text => text.Length == 0,
        long number => number == 0 && !s_meaningful.Contains(name),
        bool flag => !flag && !s_meaningful.Contains(name),
        JsonMap map => map.Count == 0 && name is "metadata" or "status" or "loadBalancer" or "series",
        _ => false,
    };
}
