using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.SharedApi;

/// <summary>
/// Every example manifest of the shared API, applied as it is: the runtime that its own selection would choose, and what its provider would
/// have rendered, as far as that works. Where this differs, the row says why.
/// </summary>
public sealed class ExamplesMeanTheSameTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static readonly Row[] s_rows =
    [
        // vLLM on one GPU: Dynamo's rule (50) is the only one that holds.
        new("airunway_v1alpha1_modeldeployment.yaml", "llama-8b-example", "dynamo", "vllm", ApiKinds.DynamoGraphs)
        {
            Says = ["meta-llama/Llama-3.1-8B-Instruct", "--max-model-len", "8192", "hf-token", "32Gi", "\"1\""],
        },
        // llama.cpp, no GPU: both rules of KAITO hold (100).
        new("airunway_v1alpha1_modeldeployment.yaml", "gemma-cpu-example", "kaito", "llamacpp", ApiKinds.Workspaces)
        {
            Says = ["huggingface://google/gemma-3-1b-it-qat-q8_0-gguf", "ghcr.io/sozercan/llama-cpp-runner:latest", "16Gi", "\"8\""],
        },
        new("airunway_v1alpha1_modeldeployment.yaml", "llama-70b-pd-example", "dynamo", "vllm", ApiKinds.DynamoGraphs)
        {
            Says = ["meta-llama/Llama-3.1-70B-Instruct", "prefill", "decode", "128Gi", "64Gi", "DYN_ROUTER_MODE", "\"kv\"", "NixlConnector", "hf-token"],
        },
        new("airunway_v1alpha1_modeldeployment_llmd.yaml", "llama-8b-llmd", "llmd", "vllm", ApiKinds.Deployments)
        {
            Says = ["meta-llama/Llama-3.1-8B-Instruct", "\"replicas\":2", "24Gi", "llm-d-hf-token", "nvidia.com/gpu"],
        },
        new("airunway_v1alpha1_modeldeployment_llmd.yaml", "llama-70b-llmd-pd", "llmd", "vllm", ApiKinds.Deployments)
        {
            Says = ["meta-llama/Llama-3.1-70B-Instruct", "\"replicas\":4", "\"replicas\":1", "24Gi", "96Gi", "--tensor-parallel-size", "llm-d-hf-token"],
            // The provider's PyNcclConnector passes nothing from prefill to decode without ranks and a router; NIXL does.
            Differs = ["NixlConnector"],
        },
        new("dynamo-modeldeployment.yaml", "qwen3-0-6b", "dynamo", "vllm", ApiKinds.DynamoGraphs)
        {
            Says = ["Qwen/Qwen3-0.6B", "--max-model-len", "4096"],
            SaysNot = ["--trust-remote-code"],
        },
        // No engine and no GPU: llama.cpp, which is KAITO's.
        new("model-a.yaml", "model-a", "kaito", "llamacpp", ApiKinds.Workspaces) { Says = ["ghcr.io/kaito-project/aikit/llama3.2:1b", "\"4\""] },
        new("sample-modeldeployment.yaml", "test-observability", "kaito", "vllm", ApiKinds.Workspaces) { Says = ["microsoft/Phi-4-mini-instruct", "nvidia.com/gpu.present"] },
    ];

    private sealed record Row(string File, string Name, string Provider, string Engine, Resource<CachedObject> Main)
    {
        /// <summary>What must stand in the rendered objects.</summary>
        public string[] Says { get; init; } = [];

        /// <summary>What must not.</summary>
        public string[] SaysNot { get; init; } = [];

        /// <summary>What stands there on purpose though the shared API's provider would not have written it.</summary>
        public string[] Differs { get; init; } = [];
    }

    [Fact]
    public async Task Each_is_taken_as_it_is_chosen_for_and_rendered_to_what_it_says()
    {
        var files = Directory.GetFiles(Repository.Shared("examples/airunway"), "*.yaml").Order(StringComparer.Ordinal).ToList();
        var manifests = files.SelectMany(f => Yaml.Read(f).Select(d => (File: Path.GetFileName(f), Document: d))).ToList();
        var deployments = manifests.Where(m => (string?)m.Document["kind"] == "ModelDeployment").ToList();
        Assert.Equal(deployments.Select(d => (d.File, (string?)d.Document["metadata"]!["name"])).Order(), s_rows.Select(r => (r.File, (string?)r.Name)).Order());

        // Registrations of the shared API's own providers may be there already; Slipway's come over them.
        foreach (var (_, document) in manifests) await ApplyAsync(document);
        await using var slipway = await cluster.StartSlipwayAsync(TimeProvider.System);
        var wrong = new List<string>();
        foreach (var row in s_rows)
        {
            var deployed = new Deployed(cluster, "default", row.Name);
            ModelDeployment now;
            try
            {
                now = await deployed.UntilAsync(d => d.Status!.Provider?.ResourceName is not null || d.Status.Phase is DeploymentPhase.Failed or DeploymentPhase.Pending, "to be looked at");
                if (now.Status!.Provider?.ResourceName is null && now.Status.Phase is DeploymentPhase.Pending) now = await deployed.UntilAsync(d => d.Status!.Provider?.ResourceName is not null, "to be made");
            }
            catch (Xunit.Sdk.XunitException late)
            {
                wrong.Add($"{row.Name}: {late.Message}");
                continue;
            }

            if ((now.Status!.Provider?.Name, now.Status.Engine?.Type?.ToString().ToLowerInvariant(), now.Status.Provider?.ResourceKind) != (row.Provider, row.Engine, row.Main.Kind))
                wrong.Add($"{row.Name}: {JsonSerializer.Serialize(now.Status, SlipwayJson.Default.ModelDeploymentStatus)}");
            var rendered = new StringBuilder();
            foreach (var kind in s_rows.Select(r => r.Main).Append(ApiKinds.Kind("", "v1", "configmaps", "ConfigMap")).DistinctBy(k => k.Kind))
            {
                foreach (var made in (await cluster.Client.ListAsync(kind, "default", CancellationToken.None)).Where(o => o.IsOwnedBy(now.Metadata.Uid)))
                    rendered.AppendLine(JsonNode.Parse(made.Json.GetRawText())!.AsObject()["spec"]?.ToJsonString(s_plain) + made.Json.GetRawText());
            }

            var text = rendered.ToString();
            wrong.AddRange(row.Says.Concat(row.Differs).Where(s => !text.Contains(s, StringComparison.Ordinal)).Select(s => $"{row.Name} does not say {s}: {text}"));
            wrong.AddRange(row.SaysNot.Where(s => text.Contains(s, StringComparison.Ordinal)).Select(s => $"{row.Name} says {s}"));
        }

        foreach (var row in s_rows) await new Deployed(cluster, "default", row.Name).DeleteAsync();
        foreach (var row in s_rows) await new Deployed(cluster, "default", row.Name).GoneAsync();
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private static readonly JsonSerializerOptions s_plain = new(JsonSerializerDefaults.General) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // As kubectl apply does it, with strict validation: into the namespace that the manifest names.
    private Task ApplyAsync(JsonNode manifest)
    {
        var name = (string)manifest["metadata"]!["name"]!;
        var path = (string)manifest["kind"]! == "ModelDeployment"
            ? Kinds.ModelDeployments.ObjectPath(new NamespacedName((string?)manifest["metadata"]!["namespace"] ?? "default", name))
            : Kinds.Providers.ObjectPath(new NamespacedName("", name));
        return cluster.Client.ApplyRawAsync(path, Encoding.UTF8.GetBytes(manifest.ToJsonString()), "kubectl", CancellationToken.None);
    }
}
