using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Routing;

namespace Slipway.Runtimes.LlmD;

/// <summary>Runs vLLM the way llm-d does: an endpoint picker that knows queues and caches, and prefill apart from decode if wanted.</summary>
/// <remarks>
/// llm-d has no kind of its own for model servers, so these are its guides' objects: Deployments, or LeaderWorkerSets where a replica spans
/// nodes, an InferencePool, and the endpoint picker of its router. A gateway with the Inference Extension asks the picker for each request.
/// The endpoint, the Service NAME:8000, goes past it: there each decode pod does all the work of a request by itself.
/// </remarks>
public sealed class LlmDRuntime : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "llmd";

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "llm-d",
        "vLLM with llm-d's endpoint picker, which routes by queue and cache, and with prefill apart from decode if wanted",
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
                        ServingModes = [ServingMode.Aggregated, ServingMode.Disaggregated],
                        ApiFormats = [ApiFormat.OpenAIChat, ApiFormat.OpenAIResponses, ApiFormat.AnthropicMessages],
                        GpuSupport = true,
                        CpuSupport = false,
                        RequiresCRD = true,
                        Gateway = new EngineGatewayCapability
                        {
                            ManagesInferencePool = true,
                            InferencePoolNamePattern = "{name}",
                            InferencePoolNamespace = "{namespace}",
                        },
                    },
                ],
            },
        })
    {
        MountsVolumes = true,
        Others =
        [
            .. ServerKinds.Others.Union(RoutedPool.Kinds).Where(k => k != ServerKinds.Deployment),
        ],
        Grants = PickerAccess.Grants,
        // Without selection rules: chosen by name only, as the shared API documents it.
        // A Deployment gives up earlier by itself where there are fewer accelerators; a LeaderWorkerSet never does.
        ProgressDeadline = StartupBudget.Longest,
        MetricsPort = ServerNames.Port,
        Requests = new RequestCounter(ServerNames.Port),
        Overridable = [.. ServerWorkload.DeploymentOverrides.Union(ServerWorkload.LeaderWorkerSetOverrides), .. PickerConfig.Overridable],
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return LlmDFields.Unsupported(deployment);
    }

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(apis);
        var effective = LlmDRoles.Effective(deployment);
        var roles = LlmDRoles.Of(effective);
        var workloads = roles.Select(r => ServerWorkload.Render(effective, r, apis)).ToList();
        ServerWorkload.Override(PickerConfig.Without(deployment), workloads[0]);
        var gangs = roles.Zip(workloads).SelectMany(r => ServerGangs.Gather(effective, r.First, r.Second, apis)).ToList();
        return
        [
            workloads[0],
            ServerService.Render(effective, roles[0]),
            .. workloads.Skip(1),
            .. gangs,
            .. EndpointPicker.Render(deployment, PickerConfig.Of(deployment), stopped: roles[0].Replicas == 0),
            InferencePool.Render(deployment, ServerWorkload.Labels([(RuntimeDescriptor.DeploymentLabel, deployment.Metadata.Name!), LlmDRoles.Member]), ServerNames.Port, apis),
            .. ServerScaler.Render(effective, roles[0], apis),
            .. ServerMonitor.Render(deployment, apis, EndpointPicker.MetricsPort),
            .. DeviceClaims.Templates(deployment, roles.Select(r => r.Demand.Claimed)),
        ];
    }

    /// <inheritdoc/>
    public GangState? Gang(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(apis);
        var effective = LlmDRoles.Effective(deployment);
        var roles = LlmDRoles.Of(effective);
        var workloads = roles.Select(r => ServerWorkload.Render(effective, r, apis)).ToList();
        ServerWorkload.Override(PickerConfig.Without(deployment), workloads[0]);
        // Prefill and decode are gangs of their own: one that runs is of use to the others.
        return roles.Zip(workloads, (r, w) => GangDecision.Of(r, w, apis.Gangs)?.State).OfType<GangState>().OrderBy(s => s.Waits is null).ThenBy(s => s.Together is true).FirstOrDefault();
    }

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(observed);
        return ServerStateReader.Read(deployment, LlmDRoles.Of(deployment), observed, RoutingReader.Read(deployment, observed));
    }
}
