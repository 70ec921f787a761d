using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds;

/// <summary>What keeps pods made from a template: it begins with a status that counts none, and its selector stays and chooses the template.</summary>
internal class WorkloadStrategy(params string[] counters) : KindStrategy
{
    public override void PrepareForCreate(JsonMap value)
    {
        var status = new JsonMap();
        foreach (var counter in counters) status[counter] = 0L;
        value["status"] = status;
    }

    public override void Default(JsonMap value) => PodDefaults.Apply(value.Map("spec", "template")?.Map("spec"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) return;
        var labels = spec.Map("template", "metadata")?.Map("labels");
        foreach (var (key, wanted) in spec.Map("selector", "matchLabels") ?? [])
        {
            if (labels is not null && JsonValues.Same(labels.At(key), wanted)) continue;
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
            break;
        }

        if (old?.Map("spec") is { } before) ValidateUpdate(spec, before, errors);
        if (spec.Map("template", "spec") is { } pod) PodSpecRules.Check(pod, "spec.template.spec", errors);
    }

    protected virtual void ValidateUpdate(JsonMap spec, JsonMap before, List<FieldError> errors)
    {
        if (!JsonValues.Same(before.At("selector"), spec.At("selector")))
            errors.Add(FieldError.Invalid("spec.selector", spec.At("selector"), "field is immutable"));
    }
}

/// <summary>Deployments: a rolling update unless told otherwise.</summary>
internal sealed class DeploymentStrategy() : WorkloadStrategy()
{
    public override void Default(JsonMap value)
    {
        var strategy = value.Ensure("spec").Ensure("strategy");
        strategy.TryAdd("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.TryAdd("maxUnavailable", "25%");
            rolling.TryAdd("maxSurge", "25%");
        }

        base.Default(value);
    }
}

/// <summary>StatefulSets: little of one may change.</summary>
internal sealed class StatefulSetStrategy() : WorkloadStrategy("availableReplicas", "replicas")
{
    private static readonly string[] s_mutable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

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

    protected override void ValidateUpdate(JsonMap spec, JsonMap before, List<FieldError> errors)
    {
        if (spec.Keys.Concat(before.Keys).All(k => s_mutable.Contains(k) || JsonValues.Same(spec.At(k), before.At(k)))) return;
        errors.Add(FieldError.Forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
            "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
    }
}

/// <summary>DaemonSets replace one pod after the other.</summary>
internal sealed class DaemonSetStrategy() : WorkloadStrategy("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady")
{
    public override void Default(JsonMap value)
    {
        var update = value.Ensure("spec").Ensure("updateStrategy");
        update.TryAdd("type", "RollingUpdate");
        if (update.Text("type") == "RollingUpdate")
        {
            var rolling = update.Ensure("rollingUpdate");
            rolling.TryAdd("maxUnavailable", 1L);
            rolling.TryAdd("maxSurge", 0L);
        }

        base.Default(value);
    }
}
