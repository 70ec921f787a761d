using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Runtimes.Accelerators;

/// <summary>What the devices of a class have to say of themselves.</summary>
/// <param name="Name">The DeviceClass, as the driver's chart makes it.</param>
/// <param name="Driver">The driver, and the domain of the names below.</param>
/// <param name="Product">The attribute with the product's name.</param>
/// <param name="Architecture">The attribute with the architecture.</param>
/// <param name="Memory">The capacity with the device's memory.</param>
/// <param name="Profile">The attribute with a partition's profile.</param>
/// <param name="Resource">The extended resource that stands for the class, by which taints of nodes are named too.</param>
internal sealed record DeviceClassFacts(string Name, string Driver, string Product, string? Architecture, string? Memory, string? Profile, string? Resource);

/// <summary>The classes whose names for model, architecture, memory and partitions are known; of others an attribute says it.</summary>
internal static class DeviceClasses
{
    public const string Default = "gpu.nvidia.com";

    public const string DefaultPartition = "mig.nvidia.com";

    // From the drivers' sources, 2026-07: kubernetes-sigs/dra-driver-nvidia-gpu, ROCm/k8s-gpu-dra-driver (2025-10),
    // intel/intel-resource-drivers-for-kubernetes, kubernetes-sigs/dra-example-driver.
    private static readonly DeviceClassFacts[] s_all =
    [
        new(Default, "gpu.nvidia.com", "productName", "architecture", "memory", null, "nvidia.com/gpu"),
        new(DefaultPartition, "gpu.nvidia.com", "productName", "architecture", "memory", "profile", null),
        new("gpu.amd.com", "gpu.amd.com", "productName", null, "memory", "partitionProfile", "amd.com/gpu"),
        new("gpu.intel.com", "gpu.intel.com", "model", null, "memory", null, null),
        new("gaudi.intel.com", "gaudi.intel.com", "model", null, null, null, null),
        new("gpu.example.com", "gpu.example.com", "model", null, "memory", null, null),
    ];

    /// <summary>The class of a selection: the one it names, or that of NVIDIA's GPUs or of their partitions.</summary>
    public static string Of(DeviceSelection selection, DeviceSelection? outer = null) =>
        selection.DeviceClassName ?? outer?.DeviceClassName ?? ((selection.Partition ?? outer?.Partition) is null ? Default : DefaultPartition);

    /// <summary>Whether pods have a claim, and not an extended resource; never both, which would take the devices twice.</summary>
    /// <remarks>A class without an extended resource of its own has one by its name only from Kubernetes 1.36 on: it is claimed unless the manifest says otherwise.</remarks>
    public static bool Claims(AcceleratorsSpec? asked) => asked?.Mode switch
    {
        null when asked is null => false,
        AcceleratorMode.DRA => true,
        AcceleratorMode.ExtendedResource => false,
        _ => asked!.Richest() is not null || Find(Of(asked))?.Resource is null,
    };

    /// <summary>The extended resource that stands for a class: its own, or the one by its name that every class has from Kubernetes 1.36 on (KEP-5004).</summary>
    public static string Resource(string name) => Find(name)?.Resource ?? $"deviceclass.resource.kubernetes.io/{name}";

    /// <summary>What is known of a class; null for others.</summary>
    public static DeviceClassFacts? Find(string name) => Array.Find(s_all, c => c.Name == name);
}
