using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Storage;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>StatefulSets: little of one may change.</summary>
internal sealed class StatefulSetStrategy() : WorkloadStrategy("StatefulSet", "statefulset")
{
    private static readonly string[] s_mutable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    protected override bool SaysInvalid => false;

    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        var update = spec.Ensure("updateStrategy");
        update.TryAdd("type", "RollingUpdate");
        if (update.Text("type") == "RollingUpdate") update.Ensure("rollingUpdate").TryAdd("partition", 0L);
        var retention = spec.Ensure("persistentVolumeClaimRetentionPolicy");
        retention.TryAdd("whenDeleted", "Retain");
        retention.TryAdd("whenScaled", "Retain");
        foreach (var claim in spec.List("volumeClaimTemplates")?.Maps() ?? [])
        {
            claim.TryAdd("apiVersion", "v1");
            claim.TryAdd("kind", "PersistentVolumeClaim");
            claim.Ensure("status").TryAdd("phase", "Pending");
        }

        base.Default(value);
    }

    protected override void Check(Spot spec)
    {
        if (spec.Text("podManagementPolicy") is not ("OrderedReady" or "Parallel") and var policy) spec.Invalid("podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
        if (spec.Map("updateStrategy") is { } update)
        {
            if (update.Text("type") is not ("RollingUpdate" or "OnDelete"))
                spec.Errors.Add(FieldError.Invalid(update.Path, Shown(update), "must be 'RollingUpdate' or 'OnDelete'"));
            update.Map("rollingUpdate")?.NotNegative("partition");
        }

        foreach (var name in (string[])["whenDeleted", "whenScaled"]) spec.Map("persistentVolumeClaimRetentionPolicy")?.OneOf(name, "Retain", "Delete");
        spec.Fits("serviceName", Names.LabelFault);
        spec.Map("ordinals")?.NotNegative("start");
        foreach (var claim in spec.Items("volumeClaimTemplates"))
            if (claim.Map("spec") is { } wanted) ClaimRules.CheckSpec(wanted);
    }

    protected override void ValidateUpdate(JsonMap spec, JsonMap before, List<FieldError> errors)
    {
        if (spec.Keys.Concat(before.Keys).All(k => s_mutable.Contains(k) || JsonValues.Same(spec.At(k), before.At(k)))) return;
        errors.Add(FieldError.Forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
            "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
    }
}
