using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>Volumes, claims and the kinds of storage.k8s.io.</summary>
internal static class VolumeColumns
{
    private const string OldClass = "volume.beta.kubernetes.io/storage-class";

    public static IReadOnlyList<PrinterColumn>? For(string kind) => kind switch
    {
        "PersistentVolume" =>
        [
            Columns.Name, Cell("Capacity", "string", o => Amount(o.Map("spec", "capacity"))), Cell("Access Modes", "string", o => Modes(o.Map("spec"))),
            Text("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"), Cell("Status", "string", Phase),
            Cell("Claim", "string", o => o.Map("spec", "claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : ""),
            Cell("StorageClass", "string", Class), Text("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"), Text("Reason", "status.reason"), Columns.Age,
            Text("VolumeMode", "spec.volumeMode", "<unset>", 1),
        ],
        "PersistentVolumeClaim" =>
        [
            Columns.Name, Cell("Status", "string", Phase), Text("Volume", "spec.volumeName"), Cell("Capacity", "string", o => Bound(o) ? Amount(o.Map("status", "capacity")) : ""),
            Cell("Access Modes", "string", o => Bound(o) ? Modes(o.Map("status")) : ""), Cell("StorageClass", "string", Class),
            Text("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"), Columns.Age, Text("VolumeMode", "spec.volumeMode", "<unset>", 1),
        ],
        "StorageClass" =>
        [
            NameOrDefault("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"), Text("Provisioner", "provisioner"), Text("ReclaimPolicy", "reclaimPolicy", "Delete"),
            Text("VolumeBindingMode", "volumeBindingMode", "Immediate"), Flag("AllowVolumeExpansion", "allowVolumeExpansion"), Columns.Age,
        ],
        "CSINode" => [Columns.Name, Cell("Drivers", "integer", o => (long)(o.Map("spec")?.List("drivers")?.Count ?? 0)), Columns.Age],
        "CSIDriver" =>
        [
            Columns.Name, Flag("AttachRequired", "spec.attachRequired", missing: true), Flag("PodInfoOnMount", "spec.podInfoOnMount"), Flag("StorageCapacity", "spec.storageCapacity"),
            Cell("TokenRequests", "string", o => o.Map("spec")?.List("tokenRequests") is { } asked ? string.Join(",", asked.Maps().Select(t => t.Text("audience"))) : "<unset>"),
            Flag("RequiresRepublish", "spec.requiresRepublish"),
            Cell("Modes", "string", o => o.Map("spec")?.List("volumeLifecycleModes") is { Count: > 0 } modes ? string.Join(",", modes.Strings()) : "<none>"), Columns.Age,
        ],
        "VolumeAttachment" =>
        [
            Columns.Name, Text("Attacher", "spec.attacher") with { Format = "name" }, Text("PV", "spec.source.persistentVolumeName"), Text("Node", "spec.nodeName"),
            Flag("Attached", "status.attached"), Columns.Age,
        ],
        _ => null,
    };

    /// <summary>The name, and that it is the default one if an annotation says so.</summary>
    public static PrinterColumn NameOrDefault(params string[] annotations) => Columns.Name with
    {
        Cell = (o, _) => o.Text("metadata", "name") + (annotations.Any(a => o.Map("metadata", "annotations")?.Text(a) == "true") ? " (default)" : ""),
    };

    private static bool Bound(JsonMap o) => o.Text("spec", "volumeName") is { Length: > 0 };

    private static string Amount(JsonMap? capacity) => capacity?.At("storage") is { } amount ? amount as string ?? JsonText.Of(amount) : "0";

    private static string Phase(JsonMap o) => o.Text("metadata", "deletionTimestamp") is null ? o.Text("status", "phase") ?? "" : "Terminating";

    private static string Class(JsonMap o) => o.Map("metadata", "annotations")?.Text(OldClass) ?? o.Text("spec", "storageClassName") ?? "";

    private static string Modes(JsonMap? part)
    {
        var modes = part?.List("accessModes")?.Strings().ToHashSet(StringComparer.Ordinal) ?? [];
        (string Mode, string Short)[] known = [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
        return string.Join(",", known.Where(k => modes.Contains(k.Mode)).Select(k => k.Short));
    }
}
