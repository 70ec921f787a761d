namespace Slipway.Capacity.Accelerators;

/// <summary>Tells what the units of an extended resource are on a node, by the node's labels and the cloud's machine type.</summary>
public static class NodeMatcher
{
    /// <summary>Whether a resource stands for accelerators.</summary>
    /// <param name="resource">A resource's name, as in a node's <c>status.capacity</c>.</param>
    public static bool IsAccelerator(string resource) => NvidiaLabels.Owns(resource) || AmdLabels.Owns(resource)
        || resource is "gpu.intel.com/i915" or "gpu.intel.com/xe" or "habana.ai/gaudi" or "google.com/tpu" or "aws.amazon.com/neuron" or "aws.amazon.com/neurondevice";

    /// <summary>
    /// What one unit of a resource is. The vendor's own labels come first, because they were read from the device; then the cloud's; then
    /// the machine type, which is the whole of what AWS says of Neuron devices.
    /// </summary>
    /// <param name="resource">The resource's name.</param>
    /// <param name="labels">The node's labels.</param>
    /// <param name="machineType">The node's machine type, where the provider is known and the table has it.</param>
    /// <param name="table">The table of accelerators.</param>
    /// <param name="units">How many units of the resource the node has, by which sharing shows that no label tells of; 0 when that is not known.</param>
    /// <returns>The match; null when the resource does not stand for accelerators.</returns>
    public static AcceleratorMatch? Match(string resource, IReadOnlyDictionary<string, string> labels, MachineType? machineType, AcceleratorTable table, long units = 0)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(table);
        if (!IsAccelerator(resource)) return null;
        var said = resource switch
        {
            "google.com/tpu" => GkeLabels.MatchTpu(labels, table),
            "habana.ai/gaudi" => PciLabels.Match(labels, "1da3", table),
            "aws.amazon.com/neuron" or "aws.amazon.com/neurondevice" => null,
            "gpu.intel.com/i915" or "gpu.intel.com/xe" => Intel(labels, table),
            _ when AmdLabels.Owns(resource) => AmdLabels.Match(resource, labels, table) ?? PciLabels.Match(labels, "1002", table),
            _ => NvidiaLabels.Match(resource, units, labels, table) is AcceleratorMatch.Known known ? known
                : GkeLabels.MatchGpu(labels, table) ?? NvidiaLabels.Match(resource, units, labels, table),
        };
        if (said is AcceleratorMatch.Known found) return OnMachine(found, machineType);
        return ByMachine(resource, machineType) ?? said ?? new AcceleratorMatch.Unknown(
            $"no label says what {resource} is here, and the machine type is not in the table", [$"resource {resource}"], []);
    }

    private static AcceleratorMatch? Intel(IReadOnlyDictionary<string, string> labels, AcceleratorTable table) =>
        labels.Text("gpu.intel.com/product") is { } product
            ? Candidates.Choose(table.OfProduct(product), null, DeviceFraction.Whole, $"gpu.intel.com/product={product}")
            : PciLabels.Match(labels, "8086", table);

    /// <summary>The labels cannot tell a machine with a sixth of an A10 from one with a whole one; the machine type can.</summary>
    private static AcceleratorMatch.Known OnMachine(AcceleratorMatch.Known found, MachineType? machine) =>
        machine is { DeviceShare: < 1 } && machine.Accelerator.Device.Key == found.Facts.Device.Key
            // The label's memory is the slice's: the whole device's is in the table.
            ? found with { Device = machine.Accelerator.Device, Fraction = found.Fraction.Of(Slice(machine)), Note = "" }
            : found;

    private static AcceleratorMatch.Known? ByMachine(string resource, MachineType? machine) =>
        machine is not null && Plugin(machine.Accelerator.Resource) == Plugin(resource) && !resource.StartsWith("nvidia.com/mig-", StringComparison.Ordinal)
            ? new AcceleratorMatch.Known(machine.Accelerator, machine.Accelerator.Device, Slice(machine), $"machine type {machine.Name}")
            : null;

    private static DeviceFraction Slice(MachineType machine) =>
        machine.DeviceShare < 1 ? new DeviceFraction(machine.DeviceShare, machine.DeviceShare, $"a slice by {machine.Name}") : DeviceFraction.Whole;

    private static string Plugin(string resource) => resource[..Math.Max(0, resource.IndexOf('/'))];
}
