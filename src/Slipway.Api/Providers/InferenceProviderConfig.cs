using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Schemas;

namespace Slipway.Api.Providers;

/// <summary>A runtime makes itself known with this: what it can do, and when it wants to be chosen.</summary>
[CustomResource("airunway.ai", "v1alpha1", "InferenceProviderConfig", "inferenceproviderconfigs", "inferenceproviderconfig", ClusterScoped = true)]
[PrinterColumn("Ready", ".status.ready", Type = "boolean", Description = "Whether the runtime takes deployments")]
[PrinterColumn("Version", ".status.version", Description = "The version of the runtime's controller")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record InferenceProviderConfig
{
    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = ModelDeployment.GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "InferenceProviderConfig";

    /// <summary>The runtime's name, and annotations for people.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What the runtime can do.</summary>
    public InferenceProviderSpec? Spec { get; init; }

    /// <summary>How the runtime is; written by its controller.</summary>
    public InferenceProviderStatus? Status { get; init; }
}

/// <summary>What a runtime can do, and when it wants to be chosen.</summary>
public sealed record InferenceProviderSpec
{
    /// <summary>What it can do.</summary>
    public ProviderCapabilities? Capabilities { get; init; }

    /// <summary>When it wants to be chosen; the highest priority of the rules that hold counts.</summary>
    public IReadOnlyList<SelectionRule>? SelectionRules { get; init; }
}

/// <summary>What a runtime can do.</summary>
public sealed record ProviderCapabilities
{
    /// <summary>The engines that it runs.</summary>
    [ListMap("name")]
    public IReadOnlyList<EngineCapability>? Engines { get; init; }
}

/// <summary>What a runtime can do with one engine.</summary>
public sealed record EngineCapability
{
    /// <summary>The engine.</summary>
    public required EngineType Name { get; init; }

    /// <summary>The serving modes that it offers.</summary>
    public IReadOnlyList<ServingMode>? ServingModes { get; init; }

    /// <summary>The HTTP APIs that it answers; openai-chat when empty.</summary>
    public IReadOnlyList<ApiFormat>? ApiFormats { get; init; }

    /// <summary>Whether it runs on GPUs.</summary>
    public bool? GpuSupport { get; init; }

    /// <summary>Whether it runs without GPUs.</summary>
    public bool? CpuSupport { get; init; }

    /// <summary>Whether it needs custom resources of an operator in the cluster; true when absent.</summary>
    public bool? RequiresCRD { get; init; }

    /// <summary>What it does about the gateway by itself.</summary>
    public EngineGatewayCapability? Gateway { get; init; }
}

/// <summary>What a runtime does about the gateway by itself.</summary>
public sealed record EngineGatewayCapability
{
    /// <summary>Whether its operator makes and owns the InferencePool and endpoint picker.</summary>
    public bool? ManagesInferencePool { get; init; }

    /// <summary>How its pools are named; {name} and {namespace} stand for the deployment's.</summary>
    public string? InferencePoolNamePattern { get; init; }

    /// <summary>Where its pools are; {name} and {namespace} stand for the deployment's.</summary>
    public string? InferencePoolNamespace { get; init; }

    /// <summary>The endpoint picker to deploy beside the default pool.</summary>
    public EndpointPickerCapability? EndpointPicker { get; init; }

    /// <summary>Whether its engine answers only to its own name for the model, not to `model.servedName`.</summary>
    public bool? IgnoresServedName { get; init; }
}

/// <summary>The endpoint picker of a runtime.</summary>
public sealed record EndpointPickerCapability
{
    /// <summary>Its image; the core's own choice when absent.</summary>
    public string? Image { get; init; }

    /// <summary>Its EndpointPickerConfig, as YAML.</summary>
    public string? ConfigData { get; init; }
}

/// <summary>A rule for choosing a runtime.</summary>
public sealed record SelectionRule
{
    /// <summary>A CEL expression over `spec`, the deployment's spec; the rule counts when it is true.</summary>
    public required string Condition { get; init; }

    /// <summary>How strongly; the highest wins.</summary>
    [SchemaDefault(0)]
    [Range(0, int.MaxValue)]
    public int? Priority { get; init; }
}

/// <summary>An HTTP API for inference.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiFormat>))]
public enum ApiFormat
{
    /// <summary>OpenAI's chat completions.</summary>
    [JsonStringEnumMemberName("openai-chat")]
    OpenAIChat,

    /// <summary>OpenAI's responses.</summary>
    [JsonStringEnumMemberName("openai-responses")]
    OpenAIResponses,

    /// <summary>Anthropic's messages.</summary>
    [JsonStringEnumMemberName("anthropic-messages")]
    AnthropicMessages,
}

/// <summary>How a runtime is; written by its controller.</summary>
public sealed record InferenceProviderStatus
{
    /// <summary>Whether it takes deployments.</summary>
    public bool? Ready { get; init; }

    /// <summary>The version of its controller.</summary>
    public string? Version { get; init; }

    /// <summary>When its controller last said so.</summary>
    public DateTimeOffset? LastHeartbeat { get; init; }

    /// <summary>The version of the custom resource that it makes.</summary>
    public string? UpstreamCRDVersion { get; init; }

    /// <summary>A digest of that resource's schema.</summary>
    public string? UpstreamSchemaHash { get; init; }

    /// <summary>What holds and what does not.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
