using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>Templates of pods that stand alone.</summary>
internal sealed class PodTemplateStrategy : KindStrategy
{
    public override void Default(JsonMap value) => PodDefaults.Apply(value.Map("template", "spec"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors) => TemplateRules.Check(new Spot(value, "", errors), old);
}

/// <summary>ReplicationControllers choose by the labels of their template unless told otherwise.</summary>
internal sealed class ReplicationControllerStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Default(JsonMap value)
    {
        if (value.Map("spec") is not { } spec) return;
        PodDefaults.Apply(spec.Map("template", "spec"));
        if (spec.Map("template", "metadata")?.Map("labels") is not { Count: > 0 } labels) return;
        if (spec.Map("selector") is null or { Count: 0 }) spec["selector"] = JsonValues.Copy(labels);
        if (value.Ensure("metadata").Map("labels") is null or { Count: 0 }) value.Map("metadata")!["labels"] = JsonValues.Copy(labels);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        spec.NotNegative("replicas");
        spec.NotNegative("minReadySeconds");
        if (map.Map("selector") is not { Count: > 0 } selector) spec.Required("selector");
        else if (map.Map("template", "metadata")?.Map("labels") is var labels && map.Map("template") is not null && !selector.All(s => JsonValues.Same(labels?.At(s.Key), s.Value)))
            TemplateRules.Mismatched(spec);
        if (map.Map("template") is null) spec.Required("template");
        TemplateRules.Check(spec, old?.Map("spec"));
        TemplateRules.RunForEver(spec, "ReplicationController");
    }
}
