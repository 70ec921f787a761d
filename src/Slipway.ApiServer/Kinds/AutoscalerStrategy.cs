using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Workloads;

namespace Slipway.ApiServer.Kinds;

/// <summary>Autoscalers: autoscaling/v1 is a view of what v2 stores, with room for the metric of the CPU only.</summary>
internal sealed class AutoscalerStrategy : PlainStrategy
{
    private const string V1 = "autoscaling/v1", V2 = "autoscaling/v2", Target = "targetCPUUtilizationPercentage", Current = "currentCPUUtilizationPercentage";

    // What v1 has no field for travels in annotations, so that a client of v1 that reads and writes loses nothing.
    private static readonly (string Part, string Member, string Annotation)[] s_carried =
    [
        ("spec", "metrics", "autoscaling.alpha.kubernetes.io/metrics"), ("spec", "behavior", "autoscaling.alpha.kubernetes.io/behavior"),
        ("status", "currentMetrics", "autoscaling.alpha.kubernetes.io/current-metrics"), ("status", "conditions", "autoscaling.alpha.kubernetes.io/conditions"),
    ];

    public override bool HasStoredForm => true;

    public override void Default(JsonMap value)
    {
        if (value.Text("apiVersion") == V1) return;
        var spec = value.Ensure("spec");
        if (spec.List("metrics") is not { Count: > 0 }) spec["metrics"] = new JsonList { Cpu("target", 80L, type: true) };
        if (spec.Map("behavior") is { } behavior) Behave(behavior);
    }

    // Up at once, by four pods or to twice as many; down as far as the metrics say, after the window that the controller is told.
    private static void Behave(JsonMap behavior)
    {
        var up = behavior.Ensure("scaleUp");
        up.TryAdd("stabilizationWindowSeconds", 0L);
        up.TryAdd("selectPolicy", "Max");
        if (!up.ContainsKey("policies")) up["policies"] = new JsonList { Policy("Pods", 4), Policy("Percent", 100) };
        var down = behavior.Ensure("scaleDown");
        down.TryAdd("selectPolicy", "Max");
        if (!down.ContainsKey("policies")) down["policies"] = new JsonList { Policy("Percent", 100) };
    }

    private static JsonMap Policy(string type, long value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15L };

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } spec) return;
        if (value.Text("apiVersion") == V1)
        {
            var target = spec.At(Target) as long?;
            if (target is < 1) errors.Add(FieldError.Invalid("spec." + Target, target, "must be greater than 0"));
        }

        AutoscalerRules.Check(new Spot(spec, "spec", errors));
    }

    public override void ToStored(JsonMap value)
    {
        if (value.Text("apiVersion") != V1) return;
        value["apiVersion"] = V2;
        var annotations = value.Map("metadata", "annotations");
        foreach (var (part, member, annotation) in s_carried)
        {
            if (annotations is null || !annotations.Remove(annotation, out var text)) continue;
            if (text is string json && Parsed(json) is { } carried) value.Ensure(part)[member] = carried;
        }

        if (annotations is { Count: 0 }) value.Map("metadata")!.Remove("annotations");
        Put(value.Ensure("spec"), Target, "metrics", "target");
        if (value.Map("status") is { } status) Put(status, Current, "currentMetrics", "current");
        Default(value);
    }

    public override void FromStored(JsonMap value, ServedVersion version)
    {
        if (version.ApiVersion != V1) return;
        value["apiVersion"] = V1;
        Take(value.Map("spec"), Target, "metrics", "target");
        Take(value.Map("status"), Current, "currentMetrics", "current");
        foreach (var (part, member, annotation) in s_carried)
            if (value.Map(part) is { } map && map.Remove(member, out var carried) && carried is not JsonList { Count: 0 })
                value.Ensure("metadata").Ensure("annotations")[annotation] = JsonText.Of(carried);
    }

    private static void Put(JsonMap part, string field, string metrics, string member)
    {
        if (!part.Remove(field, out var percent) || percent is null) return;
        var list = part.List(metrics) ?? [];
        list.Insert(0, Cpu(member, percent, type: member == "target"));
        part[metrics] = list;
    }

    private static void Take(JsonMap? part, string field, string metrics, string member)
    {
        if (part?.List(metrics) is not { } list) return;
        var at = list.FindIndex(m => m is JsonMap metric && metric.Map("resource")?.Text("name") == "cpu" && metric.Map("resource", member)?.ContainsKey("averageUtilization") == true);
        if (at < 0) return;
        part[field] = ((JsonMap)list[at]!).Map("resource", member)!.At("averageUtilization");
        list.RemoveAt(at);
    }

    private static JsonMap Cpu(string member, object percent, bool type)
    {
        var inner = type ? new JsonMap { ["type"] = "Utilization", ["averageUtilization"] = percent } : new JsonMap { ["averageUtilization"] = percent };
        return new() { ["type"] = "Resource", ["resource"] = new JsonMap { ["name"] = "cpu", [member] = inner } };
    }

    private static object? Parsed(string json)
    {
        try
        {
            return JsonParser.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // As a real server, which ignores what it cannot read there.
        }
    }
}
