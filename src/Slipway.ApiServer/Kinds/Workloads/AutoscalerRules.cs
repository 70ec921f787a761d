
namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>The rules of autoscalers, as autoscaling/v2 shows them.</summary>
internal static class AutoscalerRules
{
    private const long LongestWindow = 3600, LongestPeriod = 1800;

    public static void Check(Spot spec)
    {
        var least = spec.Number("minReplicas") ?? 1;
        if (least < 1)
        {
            spec.Invalid("minReplicas", least, "must be greater than or equal to 1");
            if (spec.Items("metrics").All(m => m.Text("type") is not ("Object" or "External")))
                spec.Forbidden("metrics", "must specify at least one Object or External metric to support scaling to zero replicas");
        }

        var most = spec.Number("maxReplicas") ?? 0;
        if (most < 1) spec.Required("maxReplicas", "must be set and greater than 0");
        if (most < least) spec.Invalid("maxReplicas", most, "must be greater than or equal to `minReplicas`");
        if (spec.Map("scaleTargetRef") is { } target)
        {
            Reference(target);
            if (!target.Text("apiVersion").Contains('/', StringComparison.Ordinal) && target.Text("apiVersion") != "v1")
                target.Invalid("apiVersion", target.Text("apiVersion"), "apiVersion must specify API group");
        }

        foreach (var metric in spec.Items("metrics")) MetricRules.Check(metric);
        foreach (var name in (string[])["scaleUp", "scaleDown"])
            if (spec.Map("behavior")?.Map(name) is { } rules) Behaviour(rules);
    }

    public static void Reference(Spot reference)
    {
        reference.Name("kind", Names.PathSegmentFault);
        reference.Name("name", Names.PathSegmentFault);
    }

    private static void Behaviour(Spot rules)
    {
        if (rules.Number("stabilizationWindowSeconds") is { } window)
        {
            if (window < 0) rules.Invalid("stabilizationWindowSeconds", window, "must be greater than or equal to zero");
            if (window > LongestWindow) rules.Invalid("stabilizationWindowSeconds", window, "must be less than or equal to 3600");
        }

        rules.OneOf("selectPolicy", "Disabled", "Max", "Min");
        if (rules.Value.List("policies") is null or { Count: 0 }) rules.Required("policies", "must specify at least one Policy");
        foreach (var policy in rules.Items("policies"))
        {
            policy.OneOf("type", "Percent", "Pods");
            foreach (var name in (string[])["value", "periodSeconds"])
                if ((policy.Number(name) ?? 0) is <= 0 and var number) policy.Invalid(name, number, "must be greater than zero");
            if (policy.Number("periodSeconds") is > LongestPeriod and var period) policy.Invalid("periodSeconds", period, "must be less than or equal to 1800");
        }
    }
}
