using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Lets the number of replicas follow the load: with KEDA where the cluster has it, else with Kubernetes' own autoscaler.</summary>
/// <remarks>
/// KEDA (2.20 or later; before, it read every Service of the namespace, keda#7641) asks each pod behind the Service by itself. A HorizontalPodAutoscaler cannot: somebody, such as
/// prometheus-adapter, must serve the metric as a custom metric of the pods, under the engine's name for it with `_` for `:`. Without one
/// it does nothing, which <see cref="ServerStateReader"/> then says.
/// </remarks>
internal static class ServerScaler
{
    /// <summary>Whether the number of replicas is left to an autoscaler. Not when the model is stopped.</summary>
    public static bool Scales(ModelDeployment deployment) => deployment.Spec.Scaling is { Autoscaling: not null, Replicas: not 0 };

    /// <summary>Renders the autoscaler of a role, if it has one.</summary>
    public static IEnumerable<JsonObject> Render(ModelDeployment deployment, ServerRole role, ClusterApis apis)
    {
        if (!Scales(deployment)) yield break;
        var auto = deployment.Spec.Scaling!.Autoscaling!;
        var keda = apis.Version(ServerKinds.ScaledObject) is not null;
        var kind = keda ? ServerKinds.ScaledObject : ServerKinds.HorizontalPodAutoscaler;
        var scaler = Rendered.Start(deployment, kind.ApiVersion(apis), kind.Kind);
        var target = new JsonObject
        {
            ["apiVersion"] = role.Kind.ApiVersion(apis),
            ["kind"] = role.Kind.Kind,
            ["name"] = ServerNames.Workload(deployment, role),
        };
        scaler["spec"] = keda ? Keda(deployment, role, auto, target) : Horizontal(deployment, role, auto, target);
        yield return scaler;
    }

    private static JsonObject Keda(ModelDeployment deployment, ServerRole role, AutoscalingSpec auto, JsonObject target) => new()
    {
        ["scaleTargetRef"] = target,
        ["minReplicaCount"] = auto.MinReplicas ?? 1,
        ["maxReplicaCount"] = auto.MaxReplicas,
        ["triggers"] = new JsonArray(new JsonObject
        {
            ["type"] = "metrics-api",
            ["metricType"] = "AverageValue",
            ["metadata"] = new JsonObject
            {
                ["url"] = $"http://{deployment.Metadata.Name}.{deployment.Metadata.Namespace}:{ServerNames.Port}/metrics",
                ["format"] = "prometheus",
                ["valueLocation"] = Metric(deployment, auto),
                ["aggregateFromKubeServiceEndpoints"] = "true",
                ["aggregationType"] = "sum",
                ["targetValue"] = Target(deployment, role, auto).ToString(CultureInfo.InvariantCulture),
            },
        }),
    };

    private static JsonObject Horizontal(ModelDeployment deployment, ServerRole role, AutoscalingSpec auto, JsonObject target) => new()
    {
        ["scaleTargetRef"] = target,
        ["minReplicas"] = auto.MinReplicas ?? 1,
        ["maxReplicas"] = auto.MaxReplicas,
        ["metrics"] = new JsonArray(new JsonObject
        {
            ["type"] = "Pods",
            ["pods"] = new JsonObject
            {
                ["metric"] = new JsonObject { ["name"] = Metric(deployment, auto).Replace(':', '_') },
                ["target"] = new JsonObject { ["type"] = "AverageValue", ["averageValue"] = Quantity(Target(deployment, role, auto)) },
            },
        }),
    };

    // The names that llm-d's endpoint picker reads too.
    private static string Metric(ModelDeployment deployment, AutoscalingSpec auto) => (deployment.Spec.Engine!.Type, auto.Metric) switch
    {
        (EngineType.SgLang, AutoscalingMetric.Queue) => "sglang:num_queue_reqs",
        (EngineType.SgLang, AutoscalingMetric.KvCache) => "sglang:token_usage",
        (EngineType.SgLang, _) => "sglang:num_running_reqs",
        (_, AutoscalingMetric.Queue) => "vllm:num_requests_waiting",
        (_, AutoscalingMetric.KvCache) => "vllm:kv_cache_usage_perc",
        _ => "vllm:num_requests_running",
    };

    // Where the manifest sets no target: 16 requests at work and 1 waiting, as in llm-d's own KEDA example; 80 % of the cache, where its
    // endpoint picker takes a pod for full. The engines count the cache from 0 to 1.
    private static decimal Target(ModelDeployment deployment, ServerRole role, AutoscalingSpec auto)
    {
        if (auto.Metric is AutoscalingMetric.KvCache) return (auto.Target ?? 80) / 100m;
        decimal target = auto.Target ?? (auto.Metric is AutoscalingMetric.Queue ? 1 : 16);
        // With data parallelism each engine of a replica counts by itself, and the first is read for all.
        var engines = Parallelism.Of(deployment.Spec.Parallelism, role.Gpu?.Count ?? 0, role.Nodes).Data;
        return Math.Max(0.001m, Math.Round(target / engines, 3));
    }

    private static string Quantity(decimal value) =>
        value == Math.Truncate(value) ? value.ToString("0", CultureInfo.InvariantCulture) : (value * 1000).ToString("0", CultureInfo.InvariantCulture) + "m";
}
