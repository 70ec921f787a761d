using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.PodSpecs;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>What keeps pods made from a template: it begins with a status that counts none, and its selector stays and chooses the template.</summary>
/// <param name="kind">The kind as messages about pods call it.</param>
/// <param name="noun">The kind as messages about selectors call it.</param>
internal class WorkloadStrategy(string kind, string noun) : KindStrategy
{
    // Of sets that belong to deployments, upstream speaks as of those.
    public static WorkloadStrategy ReplicaSets { get; } = new("ReplicaSet", "deployment");

    /// <summary>Gets whether a selector that cannot be read is called invalid as a whole, too.</summary>
    protected virtual bool SaysInvalid => true;

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Default(JsonMap value) => PodDefaults.Apply(value.Map("spec", "template")?.Map("spec"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        foreach (var name in (string[])["replicas", "minReadySeconds"]) spec.NotNegative(name);
        TemplateRules.Selects(spec, noun, SaysInvalid);
        TemplateRules.Check(spec, old?.Map("spec"), map.List("volumeClaimTemplates"));
        TemplateRules.RunForEver(spec, kind);
        Check(spec);
        if (old?.Map("spec") is { } before) ValidateUpdate(map, before, errors);
    }

    protected virtual void Check(Spot spec)
    {
    }

    protected virtual void ValidateUpdate(JsonMap spec, JsonMap before, List<FieldError> errors)
    {
        if (!JsonValues.Same(before.At("selector"), spec.At("selector")))
            errors.Add(FieldError.Invalid("spec.selector", spec.At("selector"), "field is immutable"));
    }

    /// <summary>Shows a strategy as upstream's messages do, which print its inner form.</summary>
    protected static JsonMap Shown(Spot strategy) => new() { ["Type"] = strategy.Text("type"), ["RollingUpdate"] = strategy.Value.At("rollingUpdate") };
}
