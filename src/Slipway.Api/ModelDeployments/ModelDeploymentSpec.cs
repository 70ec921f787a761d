using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments.Accelerators;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>What is wanted of a model deployment.</summary>
public sealed record ModelDeploymentSpec
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The runtime that serves it; chosen when absent.</summary>
    public ProviderSpec? Provider { get; init; }

    /// <summary>The inference engine; chosen when absent.</summary>
    public EngineSpec? Engine { get; init; }

    /// <summary>How requests are served.</summary>
    public ServingSpec? Serving { get; init; }

    /// <summary>How many replicas.</summary>
    public ScalingSpec? Scaling { get; init; }

    /// <summary>What one replica needs. In disaggregated mode `scaling.prefill` and `scaling.decode` say so instead.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>A container image with the model in it; `engine.image` is the newer field for an engine's image.</summary>
    public string? Image { get; init; }

    /// <summary>Environment variables of the engine.</summary>
    public IReadOnlyList<EnvVar>? Env { get; init; }

    /// <summary>Labels and annotations for what runs the model.</summary>
    public PodTemplateSpec? PodTemplate { get; init; }

    /// <summary>References to secrets.</summary>
    public SecretsSpec? Secrets { get; init; }

    /// <summary>Labels that a node must have to run the model.</summary>
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Node taints that the model's pods tolerate.</summary>
    public IReadOnlyList<Toleration>? Tolerations { get; init; }

    /// <summary>How the model is reached through the gateway.</summary>
    public GatewaySpec? Gateway { get; init; }

    /// <summary>When, and with whom, the model's pods are let start.</summary>
    public SchedulingSpec? Scheduling { get; init; }

    /// <summary>How the work of one replica is divided among its accelerators; derived from their number when absent.</summary>
    public ParallelismSpec? Parallelism { get; init; }

    /// <summary>The PriorityClass of the model's pods.</summary>
    public string? PriorityClassName { get; init; }

    /// <summary>Where the model's pods may run and beside what, as a pod's `affinity`.</summary>
    [PreserveUnknownFields]
    public JsonElement? Affinity { get; init; }

    /// <summary>How the model's pods are spread, as a pod's `topologySpreadConstraints`.</summary>
    [PreserveUnknownFields]
    public IReadOnlyList<JsonElement>? TopologySpreadConstraints { get; init; }

    /// <summary>The ServiceAccount of the model's pods; the namespace's default when absent.</summary>
    public string? ServiceAccountName { get; init; }

    /// <summary>How long, in seconds, the model may make no progress before the deployment counts as failed; by the model's size when absent.</summary>
    [Range(1, 604_800)]
    public int? ProgressDeadlineSeconds { get; init; }
}

/// <summary>How the work of one replica is divided among its accelerators.</summary>
public sealed record ParallelismSpec
{
    /// <summary>Among how many accelerators each layer is divided.</summary>
    [Range(1, 1024)]
    public int? Tensor { get; init; }

    /// <summary>Into how many stages the layers are divided.</summary>
    [Range(1, 1024)]
    public int? Pipeline { get; init; }

    /// <summary>How many copies of the model share the requests of one replica.</summary>
    [Range(1, 1024)]
    public int? Data { get; init; }

    /// <summary>Whether the experts of a mixture are divided among all accelerators, instead of each expert's layers.</summary>
    public bool? Expert { get; init; }
}

/// <summary>The runtime that serves the model.</summary>
public sealed record ProviderSpec
{
    /// <summary>Its name, such as kaito, dynamo, kuberay, llmd, vllm or local; chosen by rules when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Settings of this runtime alone, merged into the object that it renders.</summary>
    [PreserveUnknownFields]
    public JsonElement? Overrides { get; init; }
}

/// <summary>How requests are served.</summary>
public sealed record ServingSpec
{
    /// <summary>Whether prompt processing and token generation share their replicas or are split between them.</summary>
    [SchemaDefault(ServingMode.Aggregated)]
    public ServingMode? Mode { get; init; }
}

/// <summary>Whether prompt processing and token generation share replicas.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServingMode>))]
public enum ServingMode
{
    /// <summary>Every replica does both.</summary>
    [JsonStringEnumMemberName("aggregated")]
    Aggregated,

    /// <summary>Prefill and decode run on replicas of their own.</summary>
    [JsonStringEnumMemberName("disaggregated")]
    Disaggregated,
}

/// <summary>How many replicas.</summary>
public sealed record ScalingSpec
{
    /// <summary>Replicas in aggregated mode; 0 stops the model and keeps its declaration.</summary>
    [SchemaDefault(1)]
    [Range(0, int.MaxValue)]
    public int? Replicas { get; init; }

    /// <summary>Prefill workers, in disaggregated mode.</summary>
    public WorkerSpec? Prefill { get; init; }

    /// <summary>Decode workers, in disaggregated mode.</summary>
    public WorkerSpec? Decode { get; init; }

    /// <summary>Lets the number of replicas follow the load, in aggregated mode; `replicas` is then only where it starts.</summary>
    public AutoscalingSpec? Autoscaling { get; init; }
}

/// <summary>Lets the number of replicas follow the load.</summary>
public sealed record AutoscalingSpec
{
    /// <summary>The fewest replicas; 0 lets an unused model stop.</summary>
    [SchemaDefault(1)]
    [Range(0, 1024)]
    public int? MinReplicas { get; init; }

    /// <summary>The most replicas.</summary>
    [Range(1, 1024)]
    public required int MaxReplicas { get; init; }

    /// <summary>What is measured.</summary>
    [SchemaDefault(AutoscalingMetric.Concurrency)]
    public AutoscalingMetric? Metric { get; init; }

    /// <summary>The value per replica to hold: requests, or a percentage for kvCache.</summary>
    [Range(1, 1_000_000)]
    public int? Target { get; init; }
}

/// <summary>What autoscaling measures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AutoscalingMetric>))]
public enum AutoscalingMetric
{
    /// <summary>Requests that a replica works on at once.</summary>
    [JsonStringEnumMemberName("concurrency")]
    Concurrency,

    /// <summary>Requests that wait for a replica.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>How much of the KV cache is in use, in percent.</summary>
    [JsonStringEnumMemberName("kvCache")]
    KvCache,
}

/// <summary>The workers of one role in disaggregated mode.</summary>
[SchemaRule("!has(self.gpu) || !has(self.accelerators)", "gpu and accelerators exclude each other: both together would take the devices twice")]
public sealed record WorkerSpec
{
    /// <summary>How many.</summary>
    [SchemaDefault(1)]
    [Range(0, int.MaxValue)]
    public int? Replicas { get; init; }

    /// <summary>Accelerators of one worker.</summary>
    public GpuSpec? Gpu { get; init; }

    /// <summary>Accelerators of one worker by what they are, in place of `gpu`.</summary>
    public AcceleratorsSpec? Accelerators { get; init; }

    /// <summary>Memory of one worker, such as `64Gi`.</summary>
    public string? Memory { get; init; }

    /// <summary>How many nodes one worker spans; accelerators and memory are then those of each node.</summary>
    [Range(1, 64)]
    public int? Nodes { get; init; }

    /// <summary>How many accelerators, whichever way they are asked for.</summary>
    /// <returns>Their number on each node; null when it is left open.</returns>
    public int? Devices() => Accelerators is { } asked ? asked.Count ?? 1 : Gpu?.Count;
}

/// <summary>What one replica needs.</summary>
[SchemaRule("!has(self.gpu) || !has(self.accelerators)", "gpu and accelerators exclude each other: both together would take the devices twice")]
public sealed record ResourcesSpec
{
    /// <summary>Accelerators.</summary>
    public GpuSpec? Gpu { get; init; }

    /// <summary>Accelerators by what they are, in place of `gpu`.</summary>
    public AcceleratorsSpec? Accelerators { get; init; }

    /// <summary>Memory, such as `32Gi`.</summary>
    public string? Memory { get; init; }

    /// <summary>Processors, such as `4` or `500m`.</summary>
    public string? Cpu { get; init; }

    /// <summary>How many nodes one replica spans; accelerators, memory and processors are then those of each node.</summary>
    [Range(1, 64)]
    public int? Nodes { get; init; }

    /// <summary>How many accelerators, whichever way they are asked for.</summary>
    /// <returns>Their number on each node; null when it is left open.</returns>
    public int? Devices() => Accelerators is { } asked ? asked.Count : Gpu?.Count;
}

/// <summary>Accelerators of one replica.</summary>
public sealed record GpuSpec
{
    /// <summary>How many.</summary>
    [SchemaDefault(0)]
    [Range(0, int.MaxValue)]
    public int? Count { get; init; }

    /// <summary>The extended resource that stands for them.</summary>
    [SchemaDefault("nvidia.com/gpu")]
    public string? Type { get; init; }
}

/// <summary>Labels and annotations for what runs the model.</summary>
public sealed record PodTemplateSpec
{
    /// <summary>The metadata.</summary>
    public PodTemplateMetadata? Metadata { get; init; }
}

/// <summary>Labels and annotations.</summary>
public sealed record PodTemplateMetadata
{
    /// <summary>Labels, by key.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations, by key.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>References to secrets in the same namespace.</summary>
public sealed record SecretsSpec
{
    /// <summary>The Secret whose key `HF_TOKEN` holds a Hugging Face access token.</summary>
    public string? HuggingFaceToken { get; init; }
}

/// <summary>How the model is reached through the gateway.</summary>
public sealed record GatewaySpec
{
    /// <summary>Whether the gateway routes to this model; true when a gateway exists.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The name that requests give in `model`; the served name, or the model's id, when absent.</summary>
    public string? ModelName { get; init; }

    /// <summary>An HTTPRoute of the user's own in the same namespace, used instead of making one.</summary>
    public string? HttpRouteRef { get; init; }

    /// <summary>An InferencePool of the user's own in the same namespace, which the route leads to; not beside `httpRouteRef`.</summary>
    public string? PoolRef { get; init; }
}

/// <summary>Lets pods run on nodes with a matching taint.</summary>
public sealed record Toleration
{
    /// <summary>The taint's key; empty matches all with operator Exists.</summary>
    public string? Key { get; init; }

    /// <summary>How the value is compared: Exists, Equal (the default), or Lt and Gt for numbers.</summary>
    public string? Operator { get; init; }

    /// <summary>The taint's value.</summary>
    public string? Value { get; init; }

    /// <summary>The taint's effect: NoSchedule, PreferNoSchedule or NoExecute; all when empty.</summary>
    public string? Effect { get; init; }

    /// <summary>How long, in seconds, a NoExecute taint is tolerated; for ever when absent.</summary>
    public long? TolerationSeconds { get; init; }
}
