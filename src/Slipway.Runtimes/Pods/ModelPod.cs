using System.Text.Json.Serialization;
using Slipway.Api.Meta;

namespace Slipway.Runtimes.Pods;

/// <summary>What Slipway reads of a Pod that serves a model; the rest is skipped while reading, for a cluster has many.</summary>
public sealed record ModelPod
{
    /// <summary>Name, namespace, labels and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Where it runs.</summary>
    public ModelPodSpec? Spec { get; init; }

    /// <summary>How it is.</summary>
    public ModelPodStatus? Status { get; init; }

    /// <summary>Whether it answers, as its readiness probe says.</summary>
    [JsonIgnore]
    public bool IsReady => Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The claims that its templates stand for and that nobody made yet; the scheduler does not look at the pod before.</summary>
    [JsonIgnore]
    public IEnumerable<PodClaim> ClaimsToMake =>
        Spec?.ResourceClaims?.Where(c => c.ResourceClaimTemplateName is not null && Status?.ResourceClaimStatuses?.Any(s => s.Name == c.Name) != true) ?? [];

    /// <summary>All its containers, those that run before or beside the others first.</summary>
    [JsonIgnore]
    public IEnumerable<ContainerStatus> Containers => (Status?.InitContainerStatuses ?? []).Concat(Status?.ContainerStatuses ?? []);
}

/// <summary>Where a pod runs.</summary>
public sealed record ModelPodSpec
{
    /// <summary>The node; absent until the scheduler has found one.</summary>
    public string? NodeName { get; init; }

    /// <summary>Its claims of devices.</summary>
    public IReadOnlyList<PodClaim>? ResourceClaims { get; init; }
}

/// <summary>A claim of devices that a pod has.</summary>
/// <param name="Name">How its containers refer to it.</param>
/// <param name="ResourceClaimTemplateName">The template by which it is made for the pod; absent where the claim is one that is there.</param>
public sealed record PodClaim(string? Name, string? ResourceClaimTemplateName);

/// <summary>A claim that was made for a pod.</summary>
/// <param name="Name">Its name in <see cref="ModelPodSpec.ResourceClaims"/>.</param>
public sealed record PodClaimStatus(string? Name);

/// <summary>How a pod is.</summary>
public sealed record ModelPodStatus
{
    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    public string? Phase { get; init; }

    /// <summary>Its address within the cluster, once it has one.</summary>
    [JsonPropertyName("podIP")]
    public string? PodIP { get; init; }

    /// <summary>Why it is in that phase, such as Evicted.</summary>
    public string? Reason { get; init; }

    /// <summary>The same in words.</summary>
    public string? Message { get; init; }

    /// <summary>Conditions such as PodScheduled, whose message is the scheduler's own account of every node.</summary>
    public IReadOnlyList<PodCondition>? Conditions { get; init; }

    /// <summary>The claims that were made for it by templates.</summary>
    public IReadOnlyList<PodClaimStatus>? ResourceClaimStatuses { get; init; }

    /// <summary>The containers.</summary>
    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }

    /// <summary>The containers that run before or, as sidecars, beside the others.</summary>
    public IReadOnlyList<ContainerStatus>? InitContainerStatuses { get; init; }
}

/// <summary>A condition of a pod.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">The same in words.</param>
public sealed record PodCondition(string? Type, string? Status, string? Reason, string? Message);

/// <summary>How a container is.</summary>
public sealed record ContainerStatus
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it is ready.</summary>
    public bool Ready { get; init; }

    /// <summary>How often it was started again.</summary>
    public int RestartCount { get; init; }

    /// <summary>Its image.</summary>
    public string? Image { get; init; }

    /// <summary>What it does now.</summary>
    public ContainerState? State { get; init; }

    /// <summary>How it ended the last time.</summary>
    public ContainerState? LastState { get; init; }
}

/// <summary>What a container does; one of these is given.</summary>
/// <param name="Waiting">It waits to start.</param>
/// <param name="Running">It runs.</param>
/// <param name="Terminated">It ended.</param>
public sealed record ContainerState(ContainerWaiting? Waiting, ContainerRunning? Running, ContainerTerminated? Terminated);

/// <summary>A container waits to start.</summary>
/// <param name="Reason">Such as ImagePullBackOff or CrashLoopBackOff.</param>
/// <param name="Message">The same in words.</param>
public sealed record ContainerWaiting(string? Reason, string? Message);

/// <summary>A container runs.</summary>
/// <param name="StartedAt">Since when.</param>
public sealed record ContainerRunning(DateTimeOffset? StartedAt);

/// <summary>A container ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Reason">Such as OOMKilled or Error.</param>
/// <param name="Message">Its last words, if it left some.</param>
public sealed record ContainerTerminated(int ExitCode, string? Reason, string? Message);

/// <summary>JSON contracts of pods.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelPod))]
public sealed partial class PodJson : JsonSerializerContext;
