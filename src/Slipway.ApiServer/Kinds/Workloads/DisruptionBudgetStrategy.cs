using Slipway.ApiServer.Admission.Validation;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>Disruption budgets say one number: how many must stay, or how many may go.</summary>
internal sealed class DisruptionBudgetStrategy : KindStrategy
{
    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (spec.Has("minAvailable") && spec.Has("maxUnavailable")) errors.Add(FieldError.Invalid("spec", Shown(map), "minAvailable and maxUnavailable cannot be both set"));
        foreach (var name in (string[])["minAvailable", "maxUnavailable"]) Shares.Check(spec, name, partOfAll: true);
        spec.OneOf("unhealthyPodEvictionPolicy", "AlwaysAllow", "IfHealthyBudget");
        SelectorChecks.Check(map.Map("selector"), "spec.selector", errors);
    }

    // Upstream shows its inner form, whose members are written like this.
    private static JsonMap Shown(JsonMap spec) => new()
    {
        ["MinAvailable"] = spec.At("minAvailable"),
        ["Selector"] = spec.At("selector"),
        ["MaxUnavailable"] = spec.At("maxUnavailable"),
        ["UnhealthyPodEvictionPolicy"] = spec.At("unhealthyPodEvictionPolicy"),
    };
}
