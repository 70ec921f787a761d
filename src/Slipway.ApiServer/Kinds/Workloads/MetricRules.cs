using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>The rules of the metrics that autoscalers go by.</summary>
internal static class MetricRules
{
    private static readonly string[] s_types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

    public static void Check(Spot metric)
    {
        var type = metric.Text("type");
        if (type.Length == 0) metric.Required("type", "must specify a metric source type");
        if (!s_types.Contains(type))
        {
            metric.NotSupported("type", type, s_types);
            return;
        }

        var own = char.ToLowerInvariant(type[0]) + type[1..];
        foreach (var other in (string[])["object", "pods", "resource", "containerResource", "external"])
            if (other != own && metric.Map(other) is not null) metric.Forbidden(other, "must populate the given metric source only");
        if (metric.Map(own) is not { } source)
        {
            metric.Required(own, "must populate information for the given metric source");
            return;
        }

        Source(source, type);
    }

    private static void Source(Spot source, string type)
    {
        if (type is "Resource" or "ContainerResource")
        {
            if (source.Text("name").Length == 0) source.Required("name", "must specify a resource name");
            if (type == "ContainerResource" && source.Text("container").Length == 0) source.Required("container", "must specify a container");
        }
        else if (source.Map("metric") is { } metric)
        {
            if (metric.Text("name").Length == 0) metric.Required("name", "must specify a metric name");
            else if (Names.PathSegmentFault(metric.Text("name")) is { } fault) metric.Invalid("name", metric.Text("name"), fault);
        }

        if (type == "Object" && source.Map("describedObject") is { } described) AutoscalerRules.Reference(described);
        if (source.Map("target") is { } target) Target(target, type);
    }

    private static void Target(Spot target, string type)
    {
        if (target.Text("type").Length == 0) target.Required("type", "must specify a metric target type");
        if (target.Text("type") is not ("Utilization" or "Value" or "AverageValue") and var kind) target.Invalid("type", kind, "must be either Utilization, Value, or AverageValue");
        if (target.Number("averageUtilization") is < 1 and var share) target.Invalid("averageUtilization", share, "must be greater than 0");
        foreach (var name in (string[])["value", "averageValue"])
            if (Amount.Parse(target.Value.Text(name)) is { Nanos.Sign: <= 0 } amount) target.Invalid(name, amount.ToString(), "must be positive");
        var (value, average, utilization) = (target.Has("value"), target.Has("averageValue"), target.Has("averageUtilization"));
        switch (type)
        {
            case "Pods":
                if (!average) target.Required("averageValue", "must specify a positive target averageValue");
                break;
            case "Object":
                if (!value && !average) target.Required("averageValue", "must set either a target value or averageValue");
                break;
            case "External":
                if (value && average) target.Forbidden("value", "may not set both a target value for metric and a per-pod target");
                if (!value && !average) target.Required("averageValue", "must set either a target value for metric or a per-pod target");
                break;
            default:
                if (!average && !utilization) target.Required("averageUtilization", "must set either a target raw value or a target utilization");
                if (average && utilization) target.Forbidden("averageValue", "may not set both a target raw value and a target utilization");
                break;
        }
    }
}
