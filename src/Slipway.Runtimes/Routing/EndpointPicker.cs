using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Routing;

/// <summary>The endpoint picker of one deployment: the process that a gateway asks which pod a request should go to.</summary>
/// <remarks>
/// The objects of llm-d's router chart (0.10.0), which the picker of the Inference Extension takes too, without its cluster-wide ones: metrics
/// need no authorisation by the cluster, as vLLM's own do not. It serves with a certificate of its own making; Istio has to be told so by a DestinationRule.
/// </remarks>
internal static class EndpointPicker
{
    /// <summary>The component of its pods.</summary>
    public const string Component = "endpoint-picker";

    /// <summary>Where gateways ask (Envoy's external processing).</summary>
    public const int Port = 9002;

    /// <summary>The named port of its metrics.</summary>
    public const string MetricsPort = "metrics";

    private const int HealthPort = 9003;
    private const int Metrics = 9090;
    private const string ConfigFile = "config.yaml";

    /// <summary>The name of all its objects.</summary>
    public static string Name(ModelDeployment deployment) => ServerNames.Of(deployment, Part);

    /// <summary>What their names have after the deployment's.</summary>
    public const string Part = "epp";

    /// <summary>Renders it, in the order in which it needs its objects.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="settings">How it chooses, and of what it is made.</param>
    /// <param name="stopped">Whether there is nothing to choose among, since the model is stopped.</param>
    public static IEnumerable<JsonObject> Render(ModelDeployment deployment, PickerSettings settings, bool stopped)
    {
        yield return Start(deployment, "v1", "ServiceAccount");
        foreach (var access in PickerAccess.Render(deployment)) yield return access;
        yield return Start(deployment, "v1", "ConfigMap", ("data", new JsonObject { [ConfigFile] = settings.Config }));
        yield return Start(deployment, "apps/v1", "Deployment", ("spec", new JsonObject
        {
            ["replicas"] = stopped ? 0 : 1,
            // It remembers what is cached where and what is under way: two at a time would each know half.
            ["strategy"] = new JsonObject { ["type"] = "Recreate" },
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(deployment) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = Labels(deployment),
                    // It reads its configuration once.
                    ["annotations"] = new JsonObject { ["slipway.dev/config"] = Rendered.Digest(settings.Config) },
                },
                ["spec"] = Pod(deployment, settings),
            },
        }));
        yield return Start(deployment, "v1", "Service", ("spec", new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = Selector(deployment),
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = "grpc-ext-proc", ["port"] = Port, ["targetPort"] = Port, ["protocol"] = "TCP", ["appProtocol"] = "kubernetes.io/h2c" },
                new JsonObject { ["name"] = "http-metrics", ["port"] = Metrics, ["targetPort"] = Metrics, ["protocol"] = "TCP" }),
        }));
    }

    /// <summary>Starts an object of the picker.</summary>
    internal static JsonObject Start(ModelDeployment deployment, string apiVersion, string kind, params (string Key, JsonNode Value)[] content)
    {
        var start = Rendered.Start(deployment, apiVersion, kind, ServerNames.Suffix(deployment, Part));
        foreach (var (key, value) in content) start[key] = value;
        return start;
    }

    private static JsonObject Pod(ModelDeployment deployment, PickerSettings settings) => new()
    {
        ["serviceAccountName"] = Name(deployment),
        ["enableServiceLinks"] = false,
        // As long as the longest answer that streams through it.
        ["terminationGracePeriodSeconds"] = 130,
        ["securityContext"] = SecurityContexts.Pod(),
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = Part,
            ["image"] = settings.Image,
            ["args"] = new JsonArray(
                "--pool-name", deployment.Metadata.Name!,
                "--pool-namespace", deployment.Metadata.Namespace!,
                "--pool-group", InferencePool.Kind.Group,
                "--config-file", $"/config/{ConfigFile}",
                "--grpc-port", $"{Port}",
                "--grpc-health-port", $"{HealthPort}",
                "--metrics-port", $"{Metrics}",
                "--metrics-endpoint-auth=false",
                "--tracing=false",
                "--zap-encoder", "json"),
            ["env"] = new JsonArray(Field("NAMESPACE", "metadata.namespace"), Field("POD_NAME", "metadata.name")),
            ["ports"] = new JsonArray(Named("grpc", Port), Named("grpc-health", HealthPort), Named(MetricsPort, Metrics)),
            ["resources"] = settings.Resources,
            ["readinessProbe"] = new JsonObject { ["grpc"] = new JsonObject { ["port"] = HealthPort, ["service"] = "readiness" }, ["periodSeconds"] = 2 },
            ["livenessProbe"] = new JsonObject { ["grpc"] = new JsonObject { ["port"] = HealthPort, ["service"] = "liveness" }, ["initialDelaySeconds"] = 10, ["periodSeconds"] = 10, ["failureThreshold"] = 6 },
            ["securityContext"] = SecurityContexts.Container(nonRoot: true),
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "config", ["mountPath"] = "/config", ["readOnly"] = true }),
        }),
        ["volumes"] = new JsonArray(new JsonObject { ["name"] = "config", ["configMap"] = new JsonObject { ["name"] = Name(deployment) } }),
    };

    private static JsonObject Selector(ModelDeployment deployment) => ServerWorkload.Labels(ServerNames.Selector(deployment, Component));

    private static JsonObject Labels(ModelDeployment deployment)
    {
        var labels = Rendered.Labels(deployment);
        labels[ServerNames.ComponentLabel] = Component;
        return labels;
    }

    private static JsonObject Named(string name, int port) => new() { ["name"] = name, ["containerPort"] = port };

    private static JsonObject Field(string name, string path) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } },
    };
}
