using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds;

/// <summary>Jobs: unless the client chose the labels, those of a job's pods carry its identity.</summary>
internal sealed class JobStrategy : KindStrategy
{
    private const string Uid = "batch.kubernetes.io/controller-uid", OldUid = "controller-uid", Name = "batch.kubernetes.io/job-name", OldName = "job-name";

    public override void PrepareForCreate(JsonMap value)
    {
        value["status"] = new JsonMap();
        if (value.Map("spec") is not { } spec || spec.At("manualSelector") is true) return;
        if (value.Text("metadata", "uid") is not { } uid || spec.Map("template") is not { } template) return;
        var labels = template.Ensure("metadata").Ensure("labels");
        foreach (var key in (string[])[OldUid, Uid]) labels[key] = uid;
        foreach (var key in (string[])[OldName, Name]) labels[key] = value.Text("metadata", "name");
        spec.Ensure("selector").Ensure("matchLabels")[Uid] = uid;
    }

    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (!spec.ContainsKey("completions") && !spec.ContainsKey("parallelism")) spec["completions"] = 1L;
        spec.TryAdd("parallelism", 1L);
        spec.TryAdd("backoffLimit", 6L);
        spec.TryAdd("completionMode", "NonIndexed");
        spec.TryAdd("suspend", false);
        spec.TryAdd("manualSelector", false);
        spec.TryAdd("podReplacementPolicy", spec.ContainsKey("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        PodDefaults.Apply(spec.Map("template", "spec"));
        if (spec.Map("template")?.Map("metadata", "labels") is not { } labels) return;
        if (value.Ensure("metadata").Map("labels") is { Count: > 0 }) return;
        value.Map("metadata")!["labels"] = JsonValues.Copy(labels);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) return;
        if (spec.Map("template", "spec") is { } pod)
        {
            PodSpecRules.Check(pod, "spec.template.spec", errors);
            if (pod.Text("restartPolicy") is not ("OnFailure" or "Never"))
                errors.Add(FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
        }

        if (old?.Map("spec") is not { } before) return;
        // A job that waits may still get other labels, resources and places for its pods.
        foreach (var name in before.At("suspend") is true ? ["selector"] : (string[])["selector", "template"])
            if (!JsonValues.Same(before.At(name), spec.At(name))) errors.Add(FieldError.Invalid("spec." + name, spec.At(name), "field is immutable"));
    }
}

/// <summary>CronJobs.</summary>
internal sealed class CronJobStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Default(JsonMap value)
    {
        var template = value.Ensure("spec").Map("jobTemplate");
        template?.TryAdd("metadata", new JsonMap());
        if (template?.Map("spec", "template") is not { } pods) return;
        pods.TryAdd("metadata", new JsonMap());
        PodDefaults.Apply(pods.Map("spec"));
    }
}

/// <summary>Kinds that begin with a status of their own.</summary>
internal sealed class CountedStrategy(Func<JsonMap> status) : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = status();
}

/// <summary>Network policies say which traffic they speak of.</summary>
internal sealed class NetworkPolicyStrategy : KindStrategy
{
    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (spec.List("policyTypes") is { Count: > 0 }) return;
        spec["policyTypes"] = JsonList.Of(spec.List("egress") is { Count: > 0 } ? ["Ingress", "Egress"] : ["Ingress"]);
    }
}
