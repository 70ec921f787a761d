using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Queues;

/// <summary>The queue of Kueue that a deployment goes through.</summary>
/// <remarks>Kueue 0.19 takes Deployments, LeaderWorkerSets, RayServices and pods by this label; of claims it knows requests for a number of devices of a class, and no more.</remarks>
public static class KueueQueue
{
    /// <summary>The label of what goes through a queue.</summary>
    public const string Label = "kueue.x-k8s.io/queue-name";

    private const string Path = "spec.scheduling.queueName";

    /// <summary>The queue of a deployment; null when it has none.</summary>
    /// <param name="deployment">The deployment.</param>
    public static string? Of(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return deployment.Spec.Scheduling?.QueueName ?? Overridden(deployment);
    }

    /// <summary>Puts an object of a deployment into its queue.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="rendered">The object; changed in place.</param>
    internal static void Join(ModelDeployment deployment, JsonObject rendered)
    {
        if (deployment.Spec.Scheduling?.QueueName is { } queue) rendered["metadata"]!["labels"]![Label] = queue;
    }

    /// <summary>The label of pods that go through the queue by themselves.</summary>
    /// <param name="deployment">The deployment.</param>
    internal static IEnumerable<(string Key, string Value)> PodLabels(ModelDeployment deployment) => deployment.Spec.Scheduling?.QueueName is { } queue ? [(Label, queue)] : [];

    /// <summary>Names what does not go through a queue.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="demands">What its roles want.</param>
    internal static IEnumerable<UnsupportedField> Unsupported(ModelDeployment deployment, params IEnumerable<Demand> demands)
    {
        if (Of(deployment) is not { } queue) yield break;
        if (deployment.Spec.Scheduling?.QueueName is { } asked && Overridden(deployment) is { } other && other != asked)
            yield return Refuse($"spec.provider.overrides.metadata.labels.{Label}", $"is {other}, and {Path} is {asked}: leave the override out");
        foreach (var (path, claimed) in demands.Where(static d => d.Claimed is not null).Select(static d => (d.Path, d.Claimed!)).DistinctBy(static d => d.Path))
        {
            var field = claimed switch
            {
                { ResourceClaimName: not null } => "resourceClaimName",
                { FirstAvailable.Count: > 0 } => "firstAvailable",
                { MatchAttribute.Count: > 0 } => "matchAttribute",
                _ => null,
            };
            if (field is not null)
                yield return Refuse($"{path}.{field}", $"does not go through a queue: Kueue counts claims for a number of devices of one class only. Leave it out, or leave the queue {queue} out");
        }
    }

    /// <summary>Names the queue where a runtime has no way into one.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="why">Why not, and what to do.</param>
    internal static IEnumerable<UnsupportedField> Refused(ModelDeployment deployment, string why) => Of(deployment) is null ? [] : [Refuse(Path, why)];

    private static string? Overridden(ModelDeployment deployment) =>
        deployment.Spec.Provider?.Overrides is { ValueKind: JsonValueKind.Object } overrides && overrides.At("metadata", "labels", Label) is { ValueKind: JsonValueKind.String } label ? label.GetString() : null;

    private static UnsupportedField Refuse(string path, string why) => new(path, why, Blocking: true);
}
