using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Workloads;

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
        // Where indexes have limits of their own, the job as a whole has none.
        spec.TryAdd("backoffLimit", spec.ContainsKey("backoffLimitPerIndex") ? (long)int.MaxValue : 6L);
        spec.TryAdd("completionMode", "NonIndexed");
        spec.TryAdd("suspend", false);
        spec.TryAdd("manualSelector", false);
        spec.TryAdd("podReplacementPolicy", spec.ContainsKey("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        foreach (var condition in (spec.Map("podFailurePolicy")?.List("rules")?.Maps() ?? []).SelectMany(r => r.List("onPodConditions")?.Maps() ?? []))
            if (condition.Text("status") is null or "") condition["status"] = "True";
        PodDefaults.Apply(spec.Map("template", "spec"));
        if (spec.Map("template")?.Map("metadata", "labels") is not { } labels) return;
        if (value.Ensure("metadata").Map("labels") is { Count: > 0 }) return;
        value.Map("metadata")!["labels"] = JsonValues.Copy(labels);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        JobRules.Check(spec, old?.Map("spec"));
        Selector(spec, value.Text("metadata", "uid"), old is null);
        if (old?.Map("spec") is { } before) JobRules.CheckUpdate(spec, before);
        if (old is not null) JobStatusRules.Check(value, old, errors);
    }

    private static void Selector(Spot spec, string? uid, bool isNew)
    {
        if (!isNew) return;
        var selector = spec.Value.Map("selector");
        if (spec.Value.At("manualSelector") is not true)
        {
            if (selector is { Count: > 1 } || selector?.Map("matchLabels") is { Count: > 1 } || (selector?.Map("matchLabels")?.Text(Uid) is { } given && given != uid))
                spec.Invalid("selector", selector, "`selector` not auto-generated");
            return;
        }

        if (selector is null) spec.Required("selector");
        if (selector is null || !Admission.ObjectSelector.Read(selector).Matches(Admission.ObjectSelector.LabelsOf(spec.Value.Map("template") ?? new JsonMap()))) TemplateRules.Mismatched(spec);
    }
}
