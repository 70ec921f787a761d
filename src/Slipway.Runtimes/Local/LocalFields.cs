using System.Globalization;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Local;

/// <summary>The fields of a deployment that mean nothing to a process on this machine.</summary>
internal static class LocalFields
{
    public static IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        var fields = new List<UnsupportedField>();

        void Refuse(bool given, string path, string why)
        {
            if (given) fields.Add(new UnsupportedField(path, why, Blocking: true));
        }

        void Ignore(bool given, string path, string why)
        {
            if (given) fields.Add(new UnsupportedField(path, why, Blocking: false));
        }

        Refuse(spec.Model.Source is ModelSource.Custom, "spec.model.source", "this machine runs model files, not images; use huggingface or the local store");
        Refuse(spec.Image is not null, "spec.image", "this machine runs no container images; remove it, or choose a runtime that does (kaito, vllm)");
        Refuse(spec.Engine?.Image is not null, "spec.engine.image", "this machine runs no container images; remove it, or choose a runtime that does (kaito, vllm)");
        Refuse(spec.Serving?.Mode is ServingMode.Disaggregated, "spec.serving.mode", "prefill and decode share a process here; dynamo and llmd can split them");
        Refuse(spec.Provider?.Overrides is not null, "spec.provider.overrides", "this runtime has none; use spec.engine.args");
        Refuse(spec.Env?.Any(e => e.ValueFrom is not null) == true, "spec.env[].valueFrom", "processes on this machine take plain values only");
        Refuse(spec.Engine?.TrustRemoteCode == true, "spec.engine.trustRemoteCode", "llama.cpp runs no code of a model; vllm and sglang do");
        Refuse(spec.Model.Adapters is { Count: > 0 }, "spec.model.adapters", "this runtime serves none yet; vllm does");
        Refuse(spec.Scaling?.Autoscaling is not null, "spec.scaling.autoscaling", "replicas on this machine are set by hand: use spec.scaling.replicas");
        Refuse(spec.Resources?.Nodes is > 1, "spec.resources.nodes", "there is one machine");
        Refuse(spec.Resources?.Accelerators is not null, "spec.resources.accelerators", "devices are claimed in a cluster: this machine's are used as they are");
        Refuse(spec.Scheduling?.QueueName is not null, "spec.scheduling.queueName", "there are no queues on this machine: leave it out");
        Ignore(spec.Parallelism is not null, "spec.parallelism", "llama.cpp divides its work by itself");
        Ignore(spec.PriorityClassName is not null, "spec.priorityClassName", "there are no pods on this machine");
        Ignore(spec.Scheduling?.Gang is GangPolicy.Required or GangPolicy.Never, "spec.scheduling.gang", "there are no pods on this machine");
        Ignore(spec.Scheduling?.TopologyKey is not null, "spec.scheduling.topologyKey", "there is one machine to choose from");
        Ignore(spec.Affinity is not null, "spec.affinity", "there is one machine to choose from");
        Ignore(spec.TopologySpreadConstraints is { Count: > 0 }, "spec.topologySpreadConstraints", "there is one machine to choose from");
        Ignore(spec.ServiceAccountName is not null, "spec.serviceAccountName", "there are no pods on this machine");
        Ignore(spec.Engine?.EnforceEager == true, "spec.engine.enforceEager", "llama.cpp has no CUDA graphs to leave out");
        Ignore(spec.Engine?.EnablePrefixCaching == false, "spec.engine.enablePrefixCaching", "llama.cpp keeps the prompt's beginning; set args \"cache-reuse\" to steer it");
        Ignore(spec.Resources?.Gpu?.Type is not (null or "nvidia.com/gpu"), "spec.resources.gpu.type", "no GPU is asked for");
        Ignore(spec.Resources?.Memory is not null, "spec.resources.memory", "a process on this machine has no memory limit of its own");
        Ignore(spec.Resources?.Cpu is { } cpu && Threads(cpu) is null, "spec.resources.cpu", "is no quantity of processors");
        Ignore(spec.Model.Storage?.Volumes is { Count: > 0 }, "spec.model.storage", "weights are kept in this machine's Hugging Face cache");
        Ignore(spec.NodeSelector is { Count: > 0 }, "spec.nodeSelector", "there is one machine to choose from");
        Ignore(spec.Tolerations is { Count: > 0 }, "spec.tolerations", "there is one machine to choose from");
        Ignore(spec.PodTemplate is not null, "spec.podTemplate", "there are no pods on this machine");
        Ignore(spec.Scaling is { Prefill: not null } or { Decode: not null }, "spec.scaling.prefill/decode", "count only in disaggregated mode");
        Ignore(spec.Gateway?.HttpRouteRef is not null, "spec.gateway.httpRouteRef", "the local gateway routes by model name without HTTPRoutes");
        Ignore(spec.Gateway?.PoolRef is not null, "spec.gateway.poolRef", "the local gateway routes by model name without pools");
        return fields;
    }

    /// <summary>Threads for a quantity of processors, rounded up.</summary>
    public static int? Threads(string? cpu)
    {
        if (string.IsNullOrEmpty(cpu)) return null;
        var milli = cpu.EndsWith('m');
        return decimal.TryParse(milli ? cpu[..^1] : cpu, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (int)Math.Min(1024, Math.Ceiling(milli ? number / 1000 : number))
            : null;
    }
}
