using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.Storage;

/// <summary>Claims begin as pending, are protected while they are used, and may later only ask for more.</summary>
internal sealed class ClaimStrategy : PlainStrategy
{
    private const string Fixed = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    public override void PrepareForCreate(JsonMap value)
    {
        value["status"] = new JsonMap { ["phase"] = "Pending" };
        Finalizers.Add(value, UseProtection.OfClaims);
    }

    public override void Default(JsonMap value)
    {
        if (value.Map("spec") is not { } spec) return;
        // The older of the two fields knows these two kinds of source only; for these, both say the same.
        if (spec.Map("dataSource") is { } source)
        {
            if (!IsKnown(source)) spec.Remove("dataSource");
            else if (!spec.ContainsKey("dataSourceRef")) spec["dataSourceRef"] = JsonValues.Copy(source);
        }
        else if (spec.Map("dataSourceRef") is { } reference && IsKnown(reference) && reference.Text("namespace") is null or "")
        {
            spec["dataSource"] = JsonValues.Copy(reference);
        }
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (old?.Map("spec") is { } before)
        {
            if (!JsonValues.Same(before, map)) CheckUpdate(spec, before, old.Map("status"));
            return;
        }

        SelectorChecks.Check(map.Map("selector"), "spec.selector", errors);
        ClaimRules.CheckSpec(spec);
        foreach (var name in (string[])["dataSource", "dataSourceRef"])
        {
            if (spec.Map(name) is not { } source) continue;
            if (source.Text("name").Length == 0) source.Required("name");
            if (source.Text("kind").Length == 0) source.Required("kind");
        }
    }

    private static void CheckUpdate(Spot spec, JsonMap before, JsonMap? status)
    {
        var bound = status?.Text("phase") == "Bound";
        var (now, then) = (JsonValues.Shallow(spec.Value), JsonValues.Shallow(before));
        // Who binds a claim says to what, and a class may be given to a claim that has none.
        if (before.Text("volumeName") is null or "") now.Remove("volumeName");
        if (!before.ContainsKey("storageClassName")) now.Remove("storageClassName");
        var (wanted, had) = (Amount.Parse(Storage(spec.Value)), Amount.Parse(Storage(before)));
        if (bound)
        {
            foreach (var map in (JsonMap[])[now, then])
            {
                map.Remove("volumeAttributesClassName");
                var resources = JsonValues.Shallow(map.Map("resources") ?? new JsonMap());
                resources.Remove("requests");
                map["resources"] = resources;
            }
        }

        if (!JsonValues.Same(now, then)) spec.Errors.Add(FieldError.Forbidden("spec", Fixed));
        if (spec.Text("volumeMode") != before.Text("volumeMode")) spec.Errors.Add(FieldError.Invalid("volumeMode", spec.Value.At("volumeMode"), "field is immutable"));
        if (bound && wanted is { } asked && had is { } got && asked.Nanos < got.Nanos && Amount.Parse(status!.Map("capacity")?.Text("storage")) is { } capacity && asked.Nanos <= capacity.Nanos)
            spec.Errors.Add(FieldError.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
    }

    private static string? Storage(JsonMap spec) => spec.Map("resources", "requests")?.Text("storage");

    private static bool IsKnown(JsonMap source) => (source.Text("apiGroup") ?? "", source.Text("kind")) is ("", "PersistentVolumeClaim") or ("snapshot.storage.k8s.io", "VolumeSnapshot");
}

/// <summary>Finalizers that the server itself gives.</summary>
internal static class Finalizers
{
    public static void Add(JsonMap value, string finalizer)
    {
        var metadata = value.Ensure("metadata");
        var list = metadata.List("finalizers") ?? [];
        metadata["finalizers"] = list;
        if (!list.Contains(finalizer)) list.Add(finalizer);
    }
}
