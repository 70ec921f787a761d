using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes.Dynamo;

/// <summary>Serves models with NVIDIA Dynamo: a frontend that routes by what workers have cached, and workers that may be split by role.</summary>
public sealed class DynamoRuntime : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "dynamo";

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "NVIDIA Dynamo",
        "Graphs of a frontend and GPU workers of vLLM, SGLang or TensorRT-LLM, with routing by cache and split prefill and decode",
        GraphRenderer.Graph,
        new InferenceProviderSpec
        {
            Capabilities = new ProviderCapabilities
            {
                Engines = [Engine(EngineType.Vllm), Engine(EngineType.SgLang), Engine(EngineType.TrtLlm)],
            },
            // AI Runway's rules and priorities.
            SelectionRules =
            [
                new SelectionRule { Condition = "has(spec.engine) && has(spec.engine.type) && spec.engine.type == 'trtllm'", Priority = 100 },
                new SelectionRule { Condition = "has(spec.engine) && has(spec.engine.type) && spec.engine.type == 'sglang'", Priority = 100 },
                new SelectionRule { Condition = "has(spec.serving) && has(spec.serving.mode) && spec.serving.mode == 'disaggregated'", Priority = 90 },
                new SelectionRule
                {
                    Condition = "has(spec.engine) && has(spec.engine.type) && spec.engine.type == 'vllm' && has(spec.resources) && (has(spec.resources.gpu) && has(spec.resources.gpu.count) && spec.resources.gpu.count > 0 || has(spec.resources.accelerators) && has(spec.resources.accelerators.count) && spec.resources.accelerators.count > 0)",
                    Priority = 50,
                },
            ],
        })
    {
        MountsVolumes = true,
        Others = [GraphRenderer.Model, DeviceClaims.TemplateKind],
        PodLabels = ["nvidia.com/dynamo-graph-deployment-name"],
        // The worker's own, which pass the engine's on; the frontend's are other ones.
        MetricsPort = 9090,
        Requests = new RequestCounter(8000) { IsFrontend = true, Label = ("nvidia.com/dynamo-component-type", "frontend") },
        Overridable = DynamoFields.Overridable,
        Install = new OperatorInstall(
            $"https://helm.ngc.nvidia.com/nvidia/ai-dynamo/charts/dynamo-platform-{DynamoImages.Version}.tgz",
            null,
            DynamoImages.Version,
            "dynamo-system",
            new Uri("https://docs.nvidia.com/dynamo/latest/kubernetes/installation_guide.html"),
            ["global.grove.install=true"]),
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => DynamoFields.Unsupported(Plan(deployment));

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(apis);
        return GraphRenderer.Render(Plan(deployment), apis);
    }

    /// <inheritdoc/>
    public GangState? Gang(ModelDeployment deployment, ClusterApis apis) => Plan(deployment).Workers.All(w => w.Nodes == 1)
        ? null : new(null, "Grove", "Dynamo leaves it to Grove: where that is installed with the KAI scheduler, the pods of a replica start together; otherwise one by one");

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return GraphReader.Read(Plan(deployment), observed);
    }

    private static EngineCapability Engine(EngineType engine) => new()
    {
        Name = engine,
        ServingModes = [ServingMode.Aggregated, ServingMode.Disaggregated],
        // Dynamo's frontend answers both for every engine; the shared API allows no responses for SGLang.
        ApiFormats = engine is EngineType.SgLang ? [ApiFormat.OpenAIChat] : [ApiFormat.OpenAIChat, ApiFormat.OpenAIResponses],
        GpuSupport = true,
    };

    private static DynamoPlan Plan(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new DynamoPlan(deployment);
    }
}
