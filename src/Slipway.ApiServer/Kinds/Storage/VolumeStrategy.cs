using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.Storage;

/// <summary>Volumes begin as pending, are protected while they are bound, and keep their source.</summary>
internal sealed class VolumeStrategy : PlainStrategy
{
    // What a volume says of itself besides where its data lies.
    private static readonly string[] s_ownFields =
        ["capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions", "volumeMode", "nodeAffinity", "volumeAttributesClassName"];

    private static readonly string[] s_storage = ["storage"];

    public override void PrepareForCreate(JsonMap value)
    {
        value["status"] = new JsonMap { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = value.Text("metadata", "creationTimestamp") };
        Finalizers.Add(value, UseProtection.OfVolumes);
    }

    public override void Default(JsonMap value) => value.Map("spec", "hostPath")?.TryAdd("type", "");

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spec = new Spot(value.Map("spec") ?? new JsonMap(), "spec", errors);
        if (spec.Value.List("accessModes") is null or { Count: 0 }) spec.Required("accessModes");
        ClaimRules.AccessModes(spec);
        Capacity(spec);
        var sources = Sources(spec.Value);
        if (sources.Count == 0) errors.Add(FieldError.Required("spec", "must specify a volume type"));
        foreach (var more in sources.Skip(1)) spec.Forbidden(more, "may not specify more than 1 volume type");
        if (spec.Map("hostPath") is { } path) VolumeRules.HostPath(path);
        if (spec.Map("csi") is { } csi)
            foreach (var name in (string[])["driver", "volumeHandle"])
                if (csi.Text(name).Length == 0) csi.Required(name);
        if (spec.Map("local") is not null && spec.Map("nodeAffinity") is null) spec.Required("nodeAffinity", "Local volume requires node affinity");
        if (spec.Map("nodeAffinity")?.Map("required") is { } nodes) NodeSelectorRules.Check(nodes);
        spec.OneOf("persistentVolumeReclaimPolicy", "Delete", "Recycle", "Retain");
        spec.OneOf("volumeMode", "Block", "Filesystem");
        spec.Fits("storageClassName", Names.SubdomainFault);
        if (old?.Map("spec") is not { } before) return;
        if (!JsonValues.Same(Source(spec.Value), Source(before)))
            errors.Add(FieldError.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
        if (spec.Text("volumeMode") != before.Text("volumeMode")) errors.Add(FieldError.Invalid("volumeMode", spec.Value.At("volumeMode"), "field is immutable"));
    }

    private static void Capacity(Spot spec)
    {
        var capacity = spec.Value.Map("capacity");
        if (capacity is null or { Count: 0 }) spec.Required("capacity");
        if (capacity?.ContainsKey("storage") != true || capacity.Count > 1) spec.NotSupported("capacity", capacity, s_storage);
        foreach (var (name, value) in capacity ?? [])
            if (Amount.Parse(value as string) is { Nanos.Sign: <= 0 } amount) spec.Invalid($"capacity[{name}]", amount.ToString(), "must be greater than zero");
    }

    private static List<string> Sources(JsonMap spec) => [.. spec.Where(m => m.Value is JsonMap && !s_ownFields.Contains(m.Key)).Select(m => m.Key)];

    private static JsonMap Source(JsonMap spec)
    {
        var source = new JsonMap();
        foreach (var name in Sources(spec)) source[name] = spec[name];
        return source;
    }
}
