namespace Slipway.Capacity.Inventory;

/// <summary>AWS offers the same chips as devices and as cores. Devices are counted; a pod that asks for cores takes the devices that have them.</summary>
internal static class Neuron
{
    public const string Device = "aws.amazon.com/neuron";
    private const string Core = "aws.amazon.com/neuroncore";
    private const string OldDevice = "aws.amazon.com/neurondevice";

    /// <summary>Units of a resource that a pod has; for Neuron devices with those whose cores it has.</summary>
    public static long Units(string resource, PodFacts pod, NodeFacts node)
    {
        if (pod.Requests.Extended.IsEmpty) return 0;
        var units = pod.Requests[resource];
        if (resource is not (Device or OldDevice)) return units;
        if (resource == Device) units += pod.Requests[OldDevice];
        var cores = pod.Requests[Core];
        var coresOfDevice = node.Capacity[Core] / Math.Max(1, node.Capacity[resource]);
        return cores == 0 || coresOfDevice == 0 ? units : units + (long)Math.Ceiling((double)cores / coresOfDevice);
    }
}
