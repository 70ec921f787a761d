using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;

namespace Slipway.Runtimes.ModelServers;

/// <summary>The command that starts an engine.</summary>
internal static class ServerCommand
{
    // Where SGLang's nodes find each other; its own examples use this port.
    private const int SgLangInitPort = 20000;

    /// <summary>Flags that say where the engine listens and which part of a group it is, which a manifest may not say again.</summary>
    public static IReadOnlyList<string> Reserved { get; } =
        ["nnodes", "node-rank", "master-addr", "headless", "dist-init-addr", "data-parallel-address", "data-parallel-start-rank", "data-parallel-rank"];

    /// <summary>The command, without arguments.</summary>
    public static JsonArray Command(ModelDeployment deployment) =>
        deployment.Spec.Engine!.Type is EngineType.SgLang ? new JsonArray("python3", "-m", "sglang.launch_server") : new JsonArray("vllm", "serve");

    /// <summary>The arguments.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="role">The role.</param>
    /// <param name="leader">Whether the pod is the first of its group, or alone.</param>
    public static JsonArray Arguments(ModelDeployment deployment, ServerRole role, bool leader)
    {
        var sglang = deployment.Spec.Engine!.Type is EngineType.SgLang;
        var model = deployment.Spec.Model.Id!;
        List<string> arguments = sglang ? ["--model-path", model] : [model];
        if (leader || sglang) arguments.AddRange(["--host", "0.0.0.0", "--port", Text(role.Port)]);
        // SGLang counts nothing without this; vLLM always does.
        if (sglang && !Says(deployment, "enable-metrics")) arguments.Add("--enable-metrics");
        if (role.SpansNodes) arguments.AddRange(sglang ? SgLangGroup(role) : VllmGroup(role, leader));
        arguments.AddRange(EngineFlags.Arguments(role.Flags));
        arguments.AddRange(EngineFlags.Arguments(deployment, role.Gpu?.Count ?? 0, role.Nodes));
        return [.. arguments.Select(a => (JsonNode)a)];
    }

    // vLLM docs/serving/parallelism_scaling, "Running vLLM with MultiProcessing". Without Ray, which its image no longer has. Where data
    // parallelism spans the nodes vLLM derives each node's ranks from the same four flags (arg_utils, create_engine_config).
    private static IEnumerable<string> VllmGroup(ServerRole role, bool leader)
    {
        string[] group = ["--nnodes", Text(role.Nodes), "--node-rank", leader ? "0" : "$(LWS_WORKER_INDEX)", "--master-addr", "$(LWS_LEADER_ADDRESS)"];
        return leader ? group : [.. group, "--headless"];
    }

    private static IEnumerable<string> SgLangGroup(ServerRole role) =>
        ["--nnodes", Text(role.Nodes), "--node-rank", "$(LWS_WORKER_INDEX)", "--dist-init-addr", $"$(LWS_LEADER_ADDRESS):{Text(SgLangInitPort)}"];

    private static bool Says(ModelDeployment deployment, string flag) =>
        deployment.Spec.Engine!.Args?.ContainsKey(flag) == true || deployment.Spec.Engine.ExtraArgs?.Contains($"--{flag}") == true;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
