namespace Slipway.Api.ModelDeployments;

/// <summary>The rules for replicas and for how the work of one is divided.</summary>
internal static class ScalingRules
{
    public static void Check(ModelDeploymentSpec spec, List<FieldError> errors)
    {
        if (spec.Scaling?.Autoscaling is { } auto)
        {
            if (auto.MinReplicas > auto.MaxReplicas)
                errors.Add(new("spec.scaling.autoscaling.minReplicas", $"{auto.MinReplicas} is more than maxReplicas, {auto.MaxReplicas}"));
            if (auto is { Metric: AutoscalingMetric.KvCache, Target: > 100 })
                errors.Add(new("spec.scaling.autoscaling.target", "is a percentage for the metric kvCache"));
            if (spec.Serving?.Mode is ServingMode.Disaggregated)
                errors.Add(new("spec.scaling.autoscaling", "is for aggregated serving: prefill and decode have replicas of their own"));
        }

        if (spec.Parallelism is not { } parallelism || spec.Resources?.Gpu?.Count is not (> 0 and { } gpus)) return;
        var there = (long)gpus * (spec.Resources.Nodes ?? 1);
        var asked = (long)(parallelism.Tensor ?? 1) * (parallelism.Pipeline ?? 1) * (parallelism.Data ?? 1);
        // What is not said fills what is left, so only a remainder is wrong.
        if (asked > there || there % asked != 0 || (parallelism is { Tensor: not null, Pipeline: not null, Data: not null } && asked != there))
            errors.Add(new("spec.parallelism", $"tensor x pipeline x data is {asked}, which does not divide {there} accelerators: a replica has {gpus} on each of {spec.Resources.Nodes ?? 1} nodes"));
    }
}
