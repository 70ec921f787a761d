using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Runtimes.Kaito;

/// <summary>Serves models with KAITO: vLLM by its presets, and GGUF files by llama.cpp in a pod of our own.</summary>
/// <param name="options">How KAITO is installed in the cluster.</param>
public sealed class KaitoRuntime(KaitoOptions options) : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "kaito";

    /// <summary>A runtime for a cluster where KAITO uses nodes that are there.</summary>
    public KaitoRuntime()
        : this(new KaitoOptions())
    {
    }

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "KAITO",
        "Kubernetes AI Toolchain Operator: presets of vLLM sized for the nodes, and llama.cpp on processors",
        KaitoPlan.Workspace,
        new InferenceProviderSpec
        {
            Capabilities = new ProviderCapabilities
            {
                Engines =
                [
                    new EngineCapability
                    {
                        Name = EngineType.Vllm,
                        ServingModes = [ServingMode.Aggregated],
                        ApiFormats = [ApiFormat.OpenAIChat, ApiFormat.OpenAIResponses, ApiFormat.AnthropicMessages],
                        GpuSupport = true,
                    },
                    new EngineCapability
                    {
                        Name = EngineType.LlamaCpp,
                        ServingModes = [ServingMode.Aggregated],
                        ApiFormats = [ApiFormat.OpenAIChat],
                        GpuSupport = true,
                        CpuSupport = true,
                        Gateway = new EngineGatewayCapability { IgnoresServedName = true },
                    },
                ],
            },
            // AI Runway has a second rule for deployments without GPUs; they come to llama.cpp by their engine.
            SelectionRules = [new SelectionRule { Condition = "has(spec.engine) && has(spec.engine.type) && spec.engine.type == 'llamacpp'", Priority = 100 }],
        })
    {
        MountsVolumes = true,
        Others =
        [
            KaitoPlan.InferenceSet,
            new RuntimeObject("", "v1", "ConfigMap", "configmaps") { IsCustom = false },
            new RuntimeObject("", "v1", "Service", "services") { IsCustom = false },
        ],
        // The pods of an InferenceSet carry the names of its Workspaces in the first, and its own in the second.
        PodLabels = ["kaito.sh/workspace", "inferenceset.kaito.sh/created-by"],
        MetricsPort = 5000,
        Requests = new RequestCounter(5000),
        Overridable = KaitoFields.Overridable,
        Install = new OperatorInstall(
            "workspace",
            "https://kaito-project.github.io/kaito/charts/kaito",
            "0.12.0",
            "kaito-workspace",
            new Uri("https://kaito-project.github.io/kaito/docs/installation"),
            options.AutoProvisioning ? [] : ["featureGates.disableNodeAutoProvisioning=true", "nodeProvisioner=byo"]),
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => KaitoFields.Unsupported(Plan(deployment));

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(apis);
        return WorkspaceRenderer.Render(Plan(deployment), apis);
    }

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        var plan = Plan(deployment);
        return plan.IsSet ? InferenceSetReader.Read(plan, observed) : WorkspaceReader.Read(plan, observed);
    }

    private KaitoPlan Plan(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new KaitoPlan(deployment, options);
    }
}
