using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Runtimes.Local;

/// <summary>Serves models with llama-server processes on the machine where Slipway runs.</summary>
public sealed class LocalRuntime : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "local";

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "This machine",
        "llama.cpp's llama-server as a process on the machine where Slipway runs",
        new RuntimeObject("slipway.dev", "v1alpha1", "LocalEngine", "localengines"),
        new InferenceProviderSpec
        {
            // A runtime without rules is chosen by name only; this one takes whatever nobody else asks for.
            SelectionRules = [new SelectionRule { Condition = "true", Priority = 0 }],
            Capabilities = new ProviderCapabilities
            {
                Engines =
                [
                    new EngineCapability
                    {
                        Name = EngineType.LlamaCpp,
                        ServingModes = [ServingMode.Aggregated],
                        ApiFormats = [ApiFormat.OpenAIChat],
                        CpuSupport = true,
                        RequiresCRD = false,
                    },
                ],
            },
        })
    {
        PodLabels = [],
        // This machine's agent reports every failure itself, and a slow line may take hours for the weights.
        ProgressDeadline = null,
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => LocalFields.Unsupported(deployment);

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        var engine = new LocalEngine
        {
            Metadata = new ObjectMeta
            {
                Name = deployment.Metadata.Name,
                Namespace = deployment.Metadata.Namespace,
                Labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
                {
                    ["airunway.ai/managed-by"] = "slipway",
                    ["airunway.ai/model-deployment"] = deployment.Metadata.Name!,
                },
            },
            Spec = new LocalEngineSpec
            {
                Model = new LocalModel
                {
                    Id = spec.Model.Id!,
                    Revision = spec.Model.Revision,
                    Quantization = spec.Model.Quantization,
                    File = spec.Model.File,
                    TokenSecret = spec.Secrets?.HuggingFaceToken,
                },
                ServedName = ServedModel.Name(deployment),
                Replicas = spec.Scaling?.Replicas ?? 1,
                ContextLength = spec.Engine?.ContextLength,
                Threads = LocalFields.Threads(spec.Resources?.Cpu),
                Args = spec.Engine?.Args,
                ExtraArgs = spec.Engine?.ExtraArgs,
                Env = spec.Env,
                RestartedAt = deployment.Metadata.Annotations?.GetValueOrDefault(ModelDeployment.RestartedAtAnnotation),
            },
        };
        return [JsonSerializer.SerializeToNode(engine, SlipwayJson.Default.LocalEngine)!.AsObject()];
    }

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(observed);
        return LocalStateReader.Read(observed.Find(Descriptor.Object.Kind, deployment.Metadata.Name!)!.Value.Deserialize(SlipwayJson.Default.LocalEngine)!);
    }
}
