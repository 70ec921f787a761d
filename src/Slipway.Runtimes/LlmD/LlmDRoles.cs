using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.ModelServers;

namespace Slipway.Runtimes.LlmD;

/// <summary>The model servers of a deployment with llm-d: one role, or decode and prefill.</summary>
/// <remarks>
/// Prefill and decode as in llm-d's pd-disaggregation guide: a decode pod answers on 8000 with a proxy before vLLM on 8200. The proxy first
/// asks the prefill pod that the endpoint picker named in `x-prefiller-host-port`, whose KV cache vLLM then fetches with NIXL.
/// </remarks>
internal static class LlmDRoles
{
    public const string Prefill = "prefill";

    /// <summary>The label of the pods that answer requests, so that further pods of a group are not chosen.</summary>
    internal static readonly (string Key, string Value) Member = ("llm-d.ai/inference-serving", "true");

    /// <summary>The label by which the router tells roles apart.</summary>
    private const string RoleLabel = "llm-d.ai/role";

    private const int BehindProxy = 8200;
    private const int NixlPort = 5600;

    // Both sides say kv_both: which one a request needs is in the request.
    private static readonly EngineFlag s_transfer = new("kv-transfer-config", """{"kv_connector":"NixlConnector","kv_role":"kv_both"}""");

    /// <summary>Whether prefill and decode are apart.</summary>
    public static bool Split(ModelDeployment deployment) => deployment.Spec.Serving?.Mode is ServingMode.Disaggregated;

    /// <summary>The roles; the one that answers requests first.</summary>
    public static IReadOnlyList<ServerRole> Of(ModelDeployment deployment) =>
        Split(deployment) ? [Decode(deployment), PrefillOf(deployment)] : [Both(deployment)];

    /// <summary>
    /// The deployment as its engines should see it. Between prefill and decode the layers are not divided into stages unless the manifest
    /// asks for it, which is then refused: NIXL hands over all layers of a request between two engines.
    /// </summary>
    public static ModelDeployment Effective(ModelDeployment deployment)
    {
        if (!Split(deployment)) return deployment;
        var parallelism = deployment.Spec.Parallelism ?? new ParallelismSpec();
        return deployment with { Spec = deployment.Spec with { Parallelism = parallelism with { Pipeline = parallelism.Pipeline ?? 1 } } };
    }

    private static ServerRole Both(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        return Common(deployment, "prefill-decode") with
        {
            Replicas = ServerScaler.Scales(deployment) ? null : spec.Scaling?.Replicas ?? 1,
            Memory = spec.Resources?.Memory,
            Cpu = spec.Resources?.Cpu,
            Nodes = spec.Resources?.Nodes ?? 1,
        };
    }

    private static ServerRole Decode(ModelDeployment deployment) => Worker(Common(deployment, "decode"), deployment.Spec.Scaling?.Decode, "decode") with
    {
        Port = BehindProxy,
        Sidecar = Proxy(),
    };

    private static ServerRole PrefillOf(ModelDeployment deployment)
    {
        var worker = Worker(Common(deployment, Prefill), deployment.Spec.Scaling?.Prefill, Prefill);
        // The proxies keep their connections; vLLM's default of 5 seconds closes one just as it is used again.
        return worker with { Component = Prefill, Env = [.. worker.Env, new JsonObject { ["name"] = "VLLM_HTTP_TIMEOUT_KEEP_ALIVE", ["value"] = "120" }] };
    }

    private static ServerRole Common(ModelDeployment deployment, string role) => new()
    {
        Component = ServerNames.Model,
        Image = deployment.Spec.Engine?.Image ?? deployment.Spec.Image ?? LlmDImages.Vllm,
        Replicas = null,
        Demand = Demand.Of(deployment),
        Gang = deployment.Spec.Scheduling?.Gang,
        TopologyKey = deployment.Spec.Scheduling?.TopologyKey,
        Labels = [(RoleLabel, role), ("llm-d.ai/engine-type", "vllm")],
        ServingLabels = [Member],
    };

    private static ServerRole Worker(ServerRole role, WorkerSpec? worker, string title) => role with
    {
        Title = title,
        Replicas = worker?.Replicas ?? 1,
        Demand = Demand.Of(worker, title),
        Memory = worker?.Memory,
        Nodes = worker?.Nodes ?? 1,
        Flags = [s_transfer],
        Env = [ServerPod.PodIp("VLLM_NIXL_SIDE_CHANNEL_HOST"), new JsonObject { ["name"] = "VLLM_NIXL_SIDE_CHANNEL_PORT", ["value"] = "5600" }],
        Ports = [("nixl", NixlPort)],
    };

    // Native sidecar: it is there before vLLM, and ends after it.
    private static JsonObject Proxy() => new()
    {
        ["name"] = "routing-proxy",
        ["image"] = LlmDImages.RoutingProxy,
        ["restartPolicy"] = "Always",
        ["args"] = new JsonArray($"--port={ServerNames.Port}", $"--model-server-port={BehindProxy}", "--kv-connector=nixlv2", "--secure-proxy=false"),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = ServerNames.Port }),
        ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" } },
        ["securityContext"] = SecurityContexts.Container(nonRoot: true),
    };
}
