using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.ModelServers;

namespace Slipway.Runtimes.Vllm;

/// <summary>Runs vLLM or SGLang with what Kubernetes has of itself: a Deployment, or a LeaderWorkerSet where a replica spans nodes.</summary>
/// <remarks>
/// Without an operator: only replicas over several nodes need LeaderWorkerSet in the cluster, and only autoscaling profits from KEDA. The
/// Service NAME:8000 spreads connections over the replicas without knowledge of their caches.
/// </remarks>
public sealed class VllmRuntime : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "vllm";

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "vLLM",
        "vLLM or SGLang in a plain Deployment, or a LeaderWorkerSet over several nodes; needs no operator",
        ServerKinds.Deployment,
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
                        CpuSupport = false,
                        RequiresCRD = false,
                    },
                    new EngineCapability
                    {
                        Name = EngineType.SgLang,
                        ServingModes = [ServingMode.Aggregated],
                        ApiFormats = [ApiFormat.OpenAIChat],
                        GpuSupport = true,
                        CpuSupport = false,
                        RequiresCRD = false,
                    },
                ],
            },
        })
    {
        MountsVolumes = true,
        Others = ServerKinds.Others,
        // Without selection rules: chosen by name only, as the shared API documents it.
        // A Deployment gives up earlier by itself where there are fewer accelerators; a LeaderWorkerSet never does.
        ProgressDeadline = StartupBudget.Longest,
        MetricsPort = ServerNames.Port,
        Requests = new RequestCounter(ServerNames.Port),
        Overridable = [.. ServerWorkload.DeploymentOverrides.Union(ServerWorkload.LeaderWorkerSetOverrides)],
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => VllmFields.Unsupported(deployment);

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(apis);
        var role = Role(deployment);
        var workload = ServerWorkload.Render(deployment, role, apis);
        ServerWorkload.Override(deployment, workload);
        var gang = ServerGangs.Gather(deployment, role, workload, apis);
        return
        [
            workload, ServerService.Render(deployment, role), .. gang, .. ServerScaler.Render(deployment, role, apis), .. ServerMonitor.Render(deployment, apis),
            .. DeviceClaims.Templates(deployment, role.Demand.Claimed),
        ];
    }

    /// <inheritdoc/>
    public GangState? Gang(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(apis);
        var role = Role(deployment);
        var workload = ServerWorkload.Render(deployment, role, apis);
        ServerWorkload.Override(deployment, workload);
        return GangDecision.Of(role, workload, apis.Gangs)?.State;
    }

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(observed);
        return ServerStateReader.Read(deployment, [Role(deployment)], observed);
    }

    internal static ServerRole Role(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        return new ServerRole
        {
            Component = ServerNames.Model,
            Image = VllmImages.Of(deployment),
            Replicas = ServerScaler.Scales(deployment) ? null : spec.Scaling?.Replicas ?? 1,
            Demand = Demand.Of(deployment),
            Memory = spec.Resources?.Memory,
            Cpu = spec.Resources?.Cpu,
            Nodes = spec.Resources?.Nodes ?? 1,
            Gang = spec.Scheduling?.Gang,
            TopologyKey = spec.Scheduling?.TopologyKey,
        };
    }
}
