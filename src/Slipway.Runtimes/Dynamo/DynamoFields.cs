using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The fields of a deployment that Dynamo does not honour.</summary>
internal static class DynamoFields
{
    // maxCombinedResourceNameLength of the operator: Grove's webhook counts the names of set, scaling group and clique together.
    private const int GroveLimit = 45;

    /// <summary>Where overrides may reach. Components are a list, which an override would replace as a whole, pods and all.</summary>
    public static IReadOnlyList<string> Overridable { get; } =
    [
        DynamoPlan.RouterModeKey,
        "spec.topologyConstraint",
        "spec.experimental.kvTransferPolicy",
        "metadata.annotations.nvidia.com/enable-grove",
        "metadata.annotations.nvidia.com/enable-metrics",
        "metadata.annotations.nvidia.com/kai-scheduler-queue",
        "metadata.annotations.nvidia.com/volcano-queue",
        "metadata.annotations.nvidia.com/vllm-distributed-executor-backend",
    ];

    public static IReadOnlyList<UnsupportedField> Unsupported(DynamoPlan plan) =>
    [
        .. Blocking(plan).Select(f => new UnsupportedField(f.Path, f.Why, true)),
        .. Named(plan).Select(f => new UnsupportedField(f.Path, f.Why, false)),
        .. plan.Workers.SelectMany(w => DeviceFields.Unsupported(w.Demand).Concat(DeviceFields.Shared(w.Demand))),
        .. Scheduling(plan),
        .. KueueQueue.Unsupported(plan.Deployment, plan.Workers.Select(w => w.Demand)),
        .. plan.Workers.Any(w => w.Nodes > 1)
            ? KueueQueue.Refused(plan.Deployment, "lets the pods of a graph in one by one, so that workers over several nodes may wait for each other for ever: choose vllm, llmd or kuberay, or one node") : [],
        .. EngineFlags.Reserved(plan.Deployment, "disaggregation-mode", "nnodes", "node-rank", "master-addr", "master-port", "headless", "dist-init-addr"),
        .. Overrides.Refused(plan.Deployment, Overridable),
    ];

    private static IEnumerable<UnsupportedField> Scheduling(DynamoPlan plan) => plan.Workers.All(w => w.Nodes == 1) ? SchedulingFields.OfOnePod(plan.Spec) : SchedulingFields.OfOthers(
        plan.Spec,
        "cannot be promised here: Grove starts pods together where it is installed with the KAI scheduler, and does not say whether it is. Leave it out, or choose vllm or llmd",
        "is for Grove to decide: to do without it set the override metadata.annotations.nvidia.com/enable-grove to \"false\"",
        "is a level of Grove's own topology here: say it in the override spec.topologyConstraint, or choose vllm or llmd");

    private static IEnumerable<(string Path, string Why)> Blocking(DynamoPlan plan)
    {
        const string Others = "choose vllm, kuberay or llmd";
        var (spec, model) = (plan.Spec, plan.Spec.Model);
        var (name, longest) = (plan.Deployment.Metadata.Name ?? "", LongestName(plan));
        if (name.Length > longest) yield return ("metadata.name", $"has {name.Length} characters: together with what Dynamo adds it must fit into {GroveLimit}, so that {longest} will do");
        if (name.Length > 0 && !char.IsAsciiLetterLower(name[0])) yield return ("metadata.name", "must begin with a letter: Dynamo names a Service after it");
        if (plan.Engine is EngineType.LlamaCpp) yield return ("spec.engine.type", "Dynamo runs vllm, sglang and trtllm");
        if (model is { Source: ModelSource.Custom, Id: null }) yield return ("spec.model.source", "say in spec.model.id under which path the image has the model");
        if (model.Revision is not null) yield return ("spec.model.revision", $"Dynamo fetches a repository's main branch: {Others}");
        if (model.Quantization is not null) yield return ("spec.model.quantization", "chooses among GGUF files, which llamacpp serves");
        if (model.File is not null) yield return ("spec.model.file", "is for GGUF files, which llamacpp serves");
        foreach (var adapter in model.Adapters?.Where(a => a.Id is null) ?? [])
            yield return ($"spec.model.adapters[{adapter.Name}]", "Dynamo loads adapters from repositories: name its id, or choose kaito");
        if (model.Adapters is { Count: > 0 } && plan.Engine is not EngineType.Vllm) yield return ("spec.model.adapters", "Dynamo loads adapters into vllm only");
        if (model.Adapters is { Count: > 0 } && plan.IsSplit) yield return ("spec.model.adapters", "Dynamo loads adapters into aggregated workers only");
        if (spec.Scaling?.Autoscaling is not null) yield return ("spec.scaling.autoscaling", "not on this runtime: set spec.scaling.replicas, or choose one that scales by load");
        foreach (var workers in plan.Workers.Where(w => w.Replicas == 0))
            yield return ($"{workers.Path}.replicas", "a graph does not come back from 0 workers (grove#809): delete the deployment to stop the model");
        foreach (var workers in plan.Workers.Where(w => !Divides(spec.Parallelism, w)))
            yield return ("spec.parallelism", $"tensor x pipeline x data must be the accelerators of one {workers.Type} worker, {workers.Gpus} on each of {workers.Nodes} nodes");
        // The operator reckons from limits how an engine is spread over nodes (its multinode backends), and a claim is not among them.
        foreach (var workers in plan.Workers.Where(w => w.Nodes > 1 && w.Demand.Claimed is not null))
            yield return (workers.Demand.Path, "is no way to span nodes here: Dynamo's operator reads from limits how many accelerators each node has. Set mode to ExtendedResource and ask for nothing more, or choose vllm, llmd or kuberay");
        if (plan.IsSplit && spec.Resources?.Accelerators is not null) yield return ("spec.resources.accelerators", "is for aggregated serving: say it for scaling.prefill and scaling.decode");
        if (plan.Engine is EngineType.TrtLlm && spec.Parallelism?.Data is > 1) yield return ("spec.parallelism.data", "TensorRT-LLM copies attention instead: set spec.engine.args \"enable-attention-dp\"");
        if (plan.Engine is EngineType.TrtLlm && spec.Engine?.ExtraArgs?.Any(a => a.Split('=')[0] == "--override-engine-args") == true)
            yield return ("spec.engine.extraArgs", "say override-engine-args in spec.engine.args, where it is merged with what the manifest asks for");
        if (plan.Engine is EngineType.TrtLlm && !TrtLlmFlags.CanMerge(plan.Deployment)) yield return ("spec.engine.args[override-engine-args]", "is no JSON object");
        if (spec.ServiceAccountName is not null) yield return ("spec.serviceAccountName", $"the pods find each other by the rights of an account that Dynamo makes: {Others}");
        if (spec.Provider?.Overrides?.At(DynamoPlan.RouterModeKey) is { ValueKind: not System.Text.Json.JsonValueKind.String })
            yield return ($"spec.provider.overrides.{DynamoPlan.RouterModeKey}", "must be a text, such as kv or round-robin");
    }

    private static IEnumerable<(string Path, string Why)> Named(DynamoPlan plan)
    {
        var spec = plan.Spec;
        if (plan.IsSplit)
        {
            const string Roles = "is for aggregated serving: say it for scaling.prefill and scaling.decode";
            if (spec.Scaling?.Replicas is not (null or 1)) yield return ("spec.scaling.replicas", Roles);
            if (spec.Resources?.Gpu is not null) yield return ("spec.resources.gpu", Roles);
            if (spec.Resources?.Memory is not null) yield return ("spec.resources.memory", Roles);
            if (spec.Resources?.Cpu is not null) yield return ("spec.resources.cpu", "is for aggregated serving");
            if (spec.Resources?.Nodes is not (null or 1)) yield return ("spec.resources.nodes", Roles);
        }
        else if (spec.Scaling is { Prefill: not null } or { Decode: not null })
        {
            yield return ("spec.scaling.prefill/decode", "count only in disaggregated mode");
        }
    }

    // Several nodes: group and clique both carry the component's name, and the clique a suffix such as -ldr. One node: the clique alone.
    private static int LongestName(DynamoPlan plan) =>
        GroveLimit - plan.Workers.Select(w => w.Nodes > 1 ? 2 * w.Name.Length + "-ldr".Length : w.Name.Length).Append(DynamoPlan.Frontend.Length).Max();

    private static bool Divides(ParallelismSpec? asked, DynamoWorkers workers)
    {
        var parallelism = Parallelism.Of(asked, workers.Gpus, workers.Nodes);
        return asked is null || (long)parallelism.Tensor * parallelism.Pipeline * parallelism.Data == (long)workers.Gpus * workers.Nodes;
    }
}
