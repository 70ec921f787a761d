using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes.KubeRay;

/// <summary>Serves models with Ray Serve LLM: vLLM on a Ray cluster of its own, which KubeRay makes, over one node or several.</summary>
public sealed class KubeRayRuntime : IRuntime
{
    /// <summary>The runtime's name.</summary>
    public const string Name = "kuberay";

    /// <inheritdoc/>
    public RuntimeDescriptor Descriptor { get; } = new(
        Name,
        "KubeRay",
        "vLLM under Ray Serve, on a Ray cluster for each model, over one node or several, with replicas that follow the load",
        KubeRayPlan.RayService,
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
                        ApiFormats = [ApiFormat.OpenAIChat],
                        GpuSupport = true,
                    },
                ],
            },
            // AI Runway's rule and priority.
            SelectionRules =
            [
                new SelectionRule
                {
                    Condition = "has(spec.engine) && has(spec.engine.type) && spec.engine.type == 'vllm' && has(spec.resources) && (has(spec.resources.gpu) && has(spec.resources.gpu.count) && spec.resources.gpu.count > 1 || has(spec.resources.accelerators) && has(spec.resources.accelerators.count) && spec.resources.accelerators.count > 1)",
                    Priority = 80,
                },
            ],
        })
    {
        // Not every version of the operator hands the first down from the RayService to the pods; the second is in their template.
        PodLabels = ["ray.io/originated-from-cr-name", RuntimeDescriptor.DeploymentLabel],
        MountsVolumes = true,
        // Where KubeRay has Ray publish its metrics; Ray gathers them every ten seconds. The head takes no requests.
        Requests = new RequestCounter(8080) { Label = ("ray.io/node-type", "worker"), Lag = TimeSpan.FromSeconds(15) },
        Others = [DeviceClaims.TemplateKind],
        Overridable = KubeRayFields.Overridable,
        Install = new OperatorInstall(
            "kuberay-operator",
            "https://ray-project.github.io/kuberay-helm/",
            "1.7.0",
            "kuberay-system",
            new Uri("https://docs.ray.io/en/latest/cluster/kubernetes/getting-started/kuberay-operator-installation.html"),
            []),
    };

    /// <inheritdoc/>
    public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => KubeRayFields.Unsupported(Plan(deployment));

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(apis);
        var plan = Plan(deployment);
        return [RayServiceRenderer.Render(plan, apis), .. DeviceClaims.Templates(deployment, plan.Demand.Claimed)];
    }

    /// <inheritdoc/>
    public GangState? Gang(ModelDeployment deployment, ClusterApis apis)
    {
        var plan = Plan(deployment);
        return plan.Nodes == 1 ? null
            : plan.Spec.Scheduling?.Gang is GangPolicy.Never ? new(false, "NotWanted", "The pods of a replica are scheduled one by one, so that some may hold accelerators and wait for the others: spec.scheduling.gang is Never")
            : plan.IsGang ? new(null, "KubeRay", $"KubeRay starts the head and the {plan.Nodes} workers together where its feature gate KubernetesWAS is on (Kubernetes 1.36) or it has a batch scheduler; otherwise one by one")
            : new(false, "SeveralReplicas", "KubeRay can only make one gang of a whole Ray cluster, which here is several replicas or as many as the load asks for: their pods are scheduled one by one");
    }

    /// <inheritdoc/>
    public RuntimeState Read(ModelDeployment deployment, Observation observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        return RayServiceReader.Read(Plan(deployment), observed);
    }

    private static KubeRayPlan Plan(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new KubeRayPlan(deployment);
    }
}
