using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Storage;
using Slipway.ApiServer.Lifecycle;

namespace Slipway.ApiServer.Kinds.Scheduling;

/// <summary>Workloads: templates of groups of pods, which stay.</summary>
internal sealed class WorkloadGroupsStrategy : PlainStrategy
{
    private const int Most = 8;

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (spec.Map("controllerRef") is { } owner)
        {
            owner.Fits("apiGroup", Names.SubdomainFault);
            owner.Name("kind", Names.PathSegmentFault);
            owner.Name("name", Names.PathSegmentFault);
        }

        if (map.List("podGroupTemplates") is not { Count: > 0 } templates) spec.Required("podGroupTemplates");
        else if (templates.Count > Most) errors.Add(FieldError.TooMany("spec.podGroupTemplates", templates.Count, Most));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var template in spec.Items("podGroupTemplates").Take(Most))
        {
            template.Name("name", Names.LabelFault);
            if (!names.Add(template.Text("name"))) errors.Add(FieldError.Duplicate(template.Path, template.Value));
            if (template.Map("schedulingPolicy") is { } policy) GroupPolicies.Check(policy);
        }

        if (old?.Map("spec") is not { } before) return;
        if (before.At("controllerRef") is { } given && !JsonValues.Same(given, map.At("controllerRef"))) spec.Invalid("controllerRef", null, "field is immutable");
        if (!JsonValues.Same(before.At("podGroupTemplates"), map.At("podGroupTemplates"))) spec.Invalid("podGroupTemplates", null, "field is immutable");
    }
}

/// <summary>Groups of pods that are scheduled together: protected while they have pods, and never of another policy.</summary>
internal sealed class PodGroupStrategy : PlainStrategy
{
    public override void PrepareForCreate(JsonMap value)
    {
        value["status"] = new JsonMap();
        Finalizers.Add(value, UseProtection.OfGroups);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (spec.Map("schedulingPolicy") is { } policy) GroupPolicies.Check(policy);
        if (spec.Map("podGroupTemplateRef") is { } reference)
        {
            if (reference.Map("workload") is not { } workload) errors.Add(FieldError.Invalid(reference.Path, "", "must specify one of: `workload`"));
            else
                foreach (var name in (string[])["podGroupTemplateName", "workloadName"])
                    if (workload.Text(name).Length == 0) workload.Required(name);
        }

        if (old?.Map("spec") is not { } before) return;
        foreach (var name in (string[])["podGroupTemplateRef", "schedulingPolicy"])
            if (!JsonValues.Same(before.At(name), map.At(name))) spec.Invalid(name, null, "field is immutable");
    }
}

/// <summary>The rules of how a group is scheduled: one way, and at least one pod.</summary>
internal static class GroupPolicies
{
    public static void Check(Spot policy)
    {
        var (basic, gang) = (policy.Map("basic"), policy.Map("gang"));
        if (basic is null && gang is null) policy.Errors.Add(FieldError.Invalid(policy.Path, "", "must specify one of: `basic`, `gang`"));
        if (basic is not null && gang is not null) policy.Errors.Add(FieldError.Invalid(policy.Path, "{basic, gang}", "must specify exactly one of: `basic`, `gang`"));
        if (gang is not { } together) return;
        if (together.Number("minCount") is null or 0) together.Required("minCount");
        else if (together.Number("minCount") is < 0 and var count) together.Invalid("minCount", count, "must be greater than or equal to 1");
    }
}
