using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;

namespace Slipway.Capacity.Cost;

/// <summary>
/// The part of a machine that a replica takes: the largest of its parts of the accelerators, the processors and the memory, because what is
/// left of the others then serves nobody (dominant resource, Ghodsi et al., NSDI 2011).
/// </summary>
public static class DominantShare
{
    /// <summary>The share of what is asked in what there is; a resource that the machine has none of counts as 0.</summary>
    /// <returns>0 to 1.</returns>
    public static double Of(double devices, double allDevices, double cpu, double allCpu, double memory, double allMemory) =>
        Math.Clamp(Math.Max(Part(devices, allDevices), Math.Max(Part(cpu, allCpu), Part(memory, allMemory))), 0, 1);

    /// <summary>What a pod takes of its node. Slices count as the part of a device that they are, by memory or compute, whichever is more.</summary>
    /// <returns>0 to 1; null when the node offers accelerators in several sizes of which one is not known.</returns>
    public static double? Of(NodeInventory node, PodFacts pod)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(pod);
        double asked = 0, all = 0;
        foreach (var device in node.Devices)
        {
            // Where all units are of one kind, a unit's size does not matter.
            var size = node.Devices.Length == 1 ? 1 : (device.Match as AcceleratorMatch.Known)?.Fraction.Dominant;
            if (size is not { } unit) return null;
            all += device.Total * unit;
            foreach (var use in device.Users)
            {
                if (ReferenceEquals(use.Pod, pod)) asked += use.Units * unit;
            }
        }

        return Of(asked, all, pod.Requests.CpuMillis, node.Node.Allocatable.CpuMillis, pod.Requests.MemoryBytes, node.Node.Allocatable.MemoryBytes);
    }

    private static double Part(double asked, double all) => all > 0 && asked > 0 ? asked / all : 0;
}
