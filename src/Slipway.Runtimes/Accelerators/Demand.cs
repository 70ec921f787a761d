using Slipway.Api.ModelDeployments;
using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Runtimes.Accelerators;

/// <summary>What a role wants of accelerators, whichever way the manifest says it.</summary>
/// <param name="Gpu">How many for an engine to divide its work among, and the extended resource that stands for them.</param>
/// <param name="Claimed">The claim that pods have in place of that resource; null when they have none.</param>
/// <param name="Path">Where the manifest speaks of it.</param>
internal sealed record Demand(GpuSpec? Gpu, AcceleratorsSpec? Claimed, string Path)
{
    /// <summary>The template of a claim that the pods of one replica share, beside their devices.</summary>
    public string? SharedTemplate { get; init; }

    /// <summary>What a container has in `limits`: never a resource beside a claim, which would take the devices twice.</summary>
    public GpuSpec? Limit => Claimed is null ? Gpu : null;

    /// <summary>The kind of accelerators where it is not NVIDIA's, which the engines' default images are for; null where it is.</summary>
    public string? OtherVendor =>
        Gpu?.Type is not { } type || type.StartsWith("nvidia.com/", StringComparison.Ordinal) || type.EndsWith(".nvidia.com", StringComparison.Ordinal) ? null : type;

    /// <summary>Where the manifest speaks of their kind.</summary>
    public string KindPath => Path.EndsWith("accelerators", StringComparison.Ordinal) ? $"{Path}.deviceClassName" : $"{Path}.type";

    /// <summary>What all replicas want.</summary>
    public static Demand Of(ModelDeployment deployment) => Of("spec.resources", deployment.Spec.Resources?.Gpu, deployment.Spec.Resources?.Accelerators);

    /// <summary>What the workers of a role want.</summary>
    /// <param name="worker">The workers.</param>
    /// <param name="role">prefill or decode.</param>
    public static Demand Of(WorkerSpec? worker, string role) => Of($"spec.scaling.{role}", worker?.Gpu, worker?.Accelerators);

    private static Demand Of(string path, GpuSpec? gpu, AcceleratorsSpec? asked)
    {
        if (asked is null) return new(gpu, null, $"{path}.gpu");
        return new(new GpuSpec { Count = asked.Count ?? 1, Type = DeviceClasses.Resource(DeviceClasses.Of(asked)) }, DeviceClasses.Claims(asked) ? asked : null, $"{path}.accelerators") { SharedTemplate = asked.ReplicaClaimTemplateName };
    }
}
