using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Simulated;

/// <summary>How a vendor's DRA driver publishes its devices: under which names, and with which attributes.</summary>
/// <param name="Name">The driver, and its DeviceClass.</param>
/// <param name="ExtendedResource">The extended resource that the class stands for; null where the driver's chart sets none.</param>
/// <param name="Type">The attribute <c>type</c> by which the class chooses; null where it chooses by the driver alone.</param>
/// <remarks>Names and attributes as in the drivers' sources, 2026-07: kubernetes-sigs/dra-driver-nvidia-gpu, ROCm/k8s-gpu-dra-driver, intel/intel-resource-drivers-for-kubernetes.</remarks>
public sealed record SimulatedDriver(string Name, string? ExtendedResource, string? Type)
{
    private static readonly SimulatedDriver s_nvidia = new("gpu.nvidia.com", "nvidia.com/gpu", "gpu");
    private static readonly SimulatedDriver s_amd = new("gpu.amd.com", "amd.com/gpu", "amdgpu");
    private static readonly SimulatedDriver s_intel = new("gpu.intel.com", null, "gpu");
    private static readonly SimulatedDriver s_gaudi = new("gaudi.intel.com", null, null);

    /// <summary>The accelerators that a driver publishes.</summary>
    public static IEnumerable<AcceleratorFacts> Published => AcceleratorTable.Bundled.Rows.Where(static r => Of(r) is not null);

    /// <summary>One of those by its name: a key of the table, or the beginning of one, such as <c>h100</c> for the variant that most servers have.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The accelerator; null when no driver publishes one of that name.</returns>
    public static AcceleratorFacts? Find(string name)
    {
        var rows = Published.ToList();
        return rows.Find(r => r.Device.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? rows.Find(r => r.Device.Key.Equals($"{name}-sxm", StringComparison.OrdinalIgnoreCase))
            ?? rows.Find(r => r.Device.Key.StartsWith($"{name}-", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The driver of an accelerator; null where none publishes it, or the table does not say how it is named.</summary>
    /// <param name="accelerator">The accelerator.</param>
    public static SimulatedDriver? Of(AcceleratorFacts accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return accelerator.Resource switch
        {
            "nvidia.com/gpu" when !accelerator.Products.IsEmpty => s_nvidia,
            "amd.com/gpu" when !accelerator.DeviceIds.IsEmpty || !accelerator.Products.IsEmpty => s_amd,
            "habana.ai/gaudi" => s_gaudi,
            "gpu.intel.com/xe" or "gpu.intel.com/i915" => s_intel,
            _ => null,
        };
    }

    /// <summary>The expression by which the class chooses its devices.</summary>
    internal string Selector => Type is null ? $"device.driver == '{Name}'" : $"device.driver == '{Name}' && device.attributes['{Name}'].type == '{Type}'";

    /// <summary>A device as the driver publishes it.</summary>
    /// <param name="accelerator">What it is.</param>
    /// <param name="node">The number of its node.</param>
    /// <param name="index">Its number on the node.</param>
    /// <param name="perNode">How many the node has.</param>
    internal JsonObject Device(AcceleratorFacts accelerator, int node, int index, int perNode)
    {
        var attributes = new JsonObject
        {
            ["resource.kubernetes.io/pcieRoot"] = Text($"pci0000:{(index * 8).ToString("x2", CultureInfo.InvariantCulture)}"),
            ["resource.kubernetes.io/numaNode"] = new JsonObject { ["int"] = index * 2 / Math.Max(2, perNode) },
        };
        if (Type is not null) attributes["type"] = Text(Type);
        var product = accelerator.Products.FirstOrDefault() ?? accelerator.Device.Name;
        var id = accelerator.DeviceIds.FirstOrDefault()?.Split(':')[^1];
        if (this == s_nvidia)
        {
            attributes["productName"] = Text(product.Replace('-', ' '));
            attributes["brand"] = Text("Nvidia");
            attributes["architecture"] = Text(accelerator.Device.Architecture);
            attributes["uuid"] = Text(FormattableString.Invariant($"GPU-51b0a9ce-0000-4000-8000-{node:x6}{index:x6}"));
            if (accelerator.ComputeCapability.Length > 0) attributes["cudaComputeCapability"] = new JsonObject { ["version"] = $"{accelerator.ComputeCapability}.0" };
        }
        else if (this == s_amd)
        {
            attributes["productName"] = Text(product.Replace('_', ' '));
            if (id is not null) attributes["deviceID"] = Text(id);
        }
        else
        {
            attributes["model"] = Text(product.Replace('_', ' '));
            if (id is not null) attributes["pciId"] = Text($"0x{id}");
        }

        var device = new JsonObject { ["name"] = FormattableString.Invariant($"gpu-{index}"), ["attributes"] = attributes };
        // Gaudi's driver publishes no capacity.
        if (this != s_gaudi) device["capacity"] = new JsonObject { ["memory"] = new JsonObject { ["value"] = FormattableString.Invariant($"{accelerator.Device.MemoryBytes >> 20}Mi") } };
        return device;
    }

    private static JsonObject Text(string text) => new() { ["string"] = text };
}
