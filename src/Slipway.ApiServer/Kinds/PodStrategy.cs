using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds;

/// <summary>Pods wait for ever: nothing schedules them here.</summary>
internal sealed class PodStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value)
    {
        var status = new JsonMap { ["phase"] = "Pending" };
        if (value.Map("spec")?.List("schedulingGates") is { Count: > 0 })
        {
            status["conditions"] = new JsonList
            {
                new JsonMap
                {
                    ["type"] = "PodScheduled",
                    ["status"] = "False",
                    ["lastProbeTime"] = null,
                    ["lastTransitionTime"] = value.Text("metadata", "creationTimestamp"),
                    ["reason"] = "SchedulingGated",
                    ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
                },
            };
        }

        value["status"] = status;
    }

    public override void Default(JsonMap value)
    {
        if (value.Map("spec") is not { } spec) return;
        PodDefaults.ApplyToPod(spec);
        // Not before the server has begun the status, and then never again.
        if (value.Map("status") is { } status && status.ContainsKey("phase")) status.TryAdd("qosClass", PodResources.QualityOf(spec));
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) return;
        if (old?.Map("status")?.Text("qosClass") is { } quality && value.Map("status")?.Text("qosClass") is { } now && now != quality)
            errors.Add(FieldError.Invalid("status.qosClass", now, "field is immutable"));
        if (old?.Map("spec") is not { } before)
        {
            if (spec.List("ephemeralContainers") is { Count: > 0 }) errors.Add(FieldError.Forbidden("spec.ephemeralContainers", "cannot be set on create"));
            PodSpecRules.Check(spec, "spec", errors);
        }
        else if (!JsonValues.Same(before, spec))
        {
            PodSpecRules.Check(spec, "spec", errors);
            PodUpdateRules.Check(spec, before, errors);
        }
    }
}
