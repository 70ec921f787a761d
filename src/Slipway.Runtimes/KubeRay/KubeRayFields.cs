using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.KubeRay;

/// <summary>The fields of a deployment that Ray Serve LLM does not honour.</summary>
internal static class KubeRayFields
{
    // MaxRayServiceNameLength of the operator: it names clusters, pods and Services after the RayService.
    private const int LongestName = 47;

    // Options of vLLM's own server, in whose place Ray's ingress answers.
    private static readonly string[] s_server =
    [
        "api-key", "root-path", "ssl-keyfile", "ssl-certfile", "ssl-ca-certs", "allowed-origins", "allowed-methods", "allowed-headers",
        "middleware", "uds",
    ];

    // Said by the manifest's own fields, or by Ray.
    private static readonly string[] s_reserved =
    [
        "served-model-name", "enable-lora", "lora-modules", "data-parallel-size", "distributed-executor-backend", "nnodes", "node-rank",
        "master-addr", "headless",
    ];

    /// <summary>Where overrides may reach. Groups are a list, which an override would replace as a whole, pods and all.</summary>
    public static IReadOnlyList<string> Overridable { get; } =
    [
        "spec.upgradeStrategy",
        "spec.rayClusterDeletionDelaySeconds",
        "spec.rayClusterConfig.autoscalerOptions.idleTimeoutSeconds",
        "spec.rayClusterConfig.autoscalerOptions.upscalingMode",
        "spec.rayClusterConfig.autoscalerOptions.version",
        "spec.rayClusterConfig.autoscalerOptions.resources",
        "spec.rayClusterConfig.gcsFaultToleranceOptions",
        "spec.rayClusterConfig.networkPolicy",
        "spec.rayClusterConfig.authOptions",
        "metadata.annotations.ray.io/initializing-timeout",
        "metadata.labels.ray.io/scheduler-name",
        "metadata.labels.ray.io/gang-scheduling-enabled",
        $"metadata.labels.{KueueQueue.Label}",
        "metadata.labels.kueue.x-k8s.io/priority-class",
    ];

    public static IReadOnlyList<UnsupportedField> Unsupported(KubeRayPlan plan)
    {
        // Settings of other engines mean nothing here, so that the engine is all there is to say.
        if (plan.Spec.Engine?.Type is not EngineType.Vllm)
            return [new("spec.engine.type", "Ray's image runs vllm: set it to that, or choose another runtime", true)];
        return
        [
            .. Name(plan).Concat(Model(plan.Spec)).Concat(Resources(plan)).Concat(Scaling(plan.Spec)).Concat(Engine(plan))
                .Select(f => new UnsupportedField(f.Path, f.Why, true)),
            .. Named(plan.Spec).Select(f => new UnsupportedField(f.Path, f.Why, false)),
            .. DeviceFields.Unsupported(plan.Demand),
            .. DeviceFields.Shared(plan.Demand),
            .. Scheduling(plan),
            .. KueueQueue.Unsupported(plan.Deployment, plan.Demand),
            .. plan.Scales ? KueueQueue.Refused(plan.Deployment, "lets a Ray cluster in with the workers that it has then: leave spec.scaling.autoscaling out, or choose vllm or llmd") : [],
            .. EngineFlags.Reserved(plan.Deployment, s_reserved),
            .. Overrides.Refused(plan.Deployment, Overridable),
        ];
    }

    private static IEnumerable<UnsupportedField> Scheduling(KubeRayPlan plan) => plan.Nodes == 1 ? SchedulingFields.OfOnePod(plan.Spec) : SchedulingFields.OfOthers(
        plan.Spec,
        "cannot be promised here: whether KubeRay starts pods together is up to how it was installed, and it does not say. Leave it out, which asks KubeRay for it, or choose vllm or llmd",
        never: null,
        "is no word of KubeRay's: choose vllm or llmd, or bind the replica to one place with spec.affinity");

    private static IEnumerable<(string Path, string Why)> Name(KubeRayPlan plan)
    {
        var name = plan.Deployment.Metadata.Name ?? "";
        if (name.Length > LongestName) yield return ("metadata.name", $"has {name.Length} characters: KubeRay takes {LongestName}");
        if (name.Length > 0 && !char.IsAsciiLetterLower(name[0]))
            yield return ("metadata.name", "must begin with a letter: KubeRay names a Service after it");
    }

    private static IEnumerable<(string Path, string Why)> Model(ModelDeploymentSpec spec)
    {
        var model = spec.Model;
        if (spec.Serving?.Mode is ServingMode.Disaggregated)
        {
            yield return ("spec.serving.mode",
                "cannot be disaggregated here as long as ray#59064 is open, by which prefill and decode get no accelerators: use dynamo or llmd");
        }

        if (model is { Source: ModelSource.Custom, Id: null })
            yield return ("spec.model.id", "say under which path the image has the model, such as /models/name");
        if (model.Quantization is not null) yield return ("spec.model.quantization", "chooses among GGUF files, which llamacpp serves");
        if (model.File is not null) yield return ("spec.model.file", "is for GGUF files, which llamacpp serves");
        if (model.Adapters is { Count: > 0 })
        {
            yield return ("spec.model.adapters",
                "Ray loads adapters from a bucket of theirs only (lora_config.dynamic_lora_loading_path): use vllm, dynamo or kaito");
        }
    }

    private static IEnumerable<(string Path, string Why)> Resources(KubeRayPlan plan)
    {
        var spec = plan.Spec;
        if (spec.Resources?.Gpu?.Count == 0)
            yield return ("spec.resources.gpu.count", "must be at least 1: Ray Serve LLM runs on accelerators here. For processors use llamacpp");
        if (plan.Demand.OtherVendor is { } type && !KubeRayImages.IsOwn(spec))
        {
            yield return (plan.Demand.KindPath,
                $"is {type}, but the default image is for NVIDIA: name an image of Ray with vLLM for it in spec.engine.image");
        }

        if (spec.Parallelism?.Data is > 1)
            yield return ("spec.parallelism.data", "one engine runs in a replica (kuberay#4366): ask for more replicas, or use vllm or dynamo");
    }

    private static IEnumerable<(string Path, string Why)> Scaling(ModelDeploymentSpec spec)
    {
        if (spec.Scaling?.Autoscaling is not { } auto) yield break;
        if (auto.Metric is not (null or AutoscalingMetric.Concurrency))
        {
            yield return ("spec.scaling.autoscaling.metric",
                "must be concurrency: Ray Serve counts requests, and nobody outside of it can scale it. vllm and llmd scale by the others");
        }

        if (auto.MinReplicas == 0)
        {
            yield return ("spec.scaling.autoscaling.minReplicas",
                "cannot be 0: the workers take the requests too, and without one nobody would see any. Use 1, or stop the model with replicas: 0");
        }
    }

    private static IEnumerable<(string Path, string Why)> Engine(KubeRayPlan plan)
    {
        const string Server = "is an option of vLLM's own server, in whose place Ray's ingress answers: remove it";
        var (engine, kwargs) = (plan.Spec.Engine!, plan.Kwargs);
        foreach (var name in engine.Args?.Keys.Where(s_server.Contains) ?? []) yield return ($"spec.engine.args[{name}]", Server);
        foreach (var word in engine.ExtraArgs?.Where(a => s_server.Contains(a.TrimStart('-').Split('=')[0])) ?? [])
            yield return ("spec.engine.extraArgs", $"{word} {Server}");
        foreach (var word in kwargs.Unwritable)
        {
            yield return (engine.Args?.ContainsKey(word) == true ? $"spec.engine.args[{word}]" : "spec.engine.extraArgs",
                $"{word} cannot be given to Ray, which takes settings by name: write --name=value, each once, and objects as a whole in JSON");
        }

        if (kwargs.Accelerators > plan.Gpus * plan.Nodes)
        {
            var here = $"ask for {kwargs.Accelerators} accelerators, but a replica has {plan.Gpus} on each of {plan.Nodes} nodes";
            yield return plan.Spec.Parallelism is not null
                ? ("spec.parallelism", $"tensor and pipeline {here}")
                : ("spec.engine.args", $"{here}: leave the sizes to spec.parallelism");
        }
    }

    private static IEnumerable<(string Path, string Why)> Named(ModelDeploymentSpec spec)
    {
        if (spec.Image is not null && spec.Engine?.Image is { } image && image != spec.Image)
            yield return ("spec.image", $"gives way to spec.engine.image, {image}");
        if (spec.Serving?.Mode is not ServingMode.Disaggregated && spec.Scaling is { Prefill: not null } or { Decode: not null })
            yield return ("spec.scaling.prefill/decode", "count only in disaggregated mode");
    }
}
