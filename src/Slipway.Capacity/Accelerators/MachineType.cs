namespace Slipway.Capacity.Accelerators;

/// <summary>What a cloud's machine type has in it.</summary>
/// <param name="Provider"><c>aws</c>, <c>azure</c> or <c>gcp</c>.</param>
/// <param name="Name">The machine type, as the cloud writes it.</param>
/// <param name="Accelerator">Its accelerator.</param>
/// <param name="Count">How many; a fraction when the machine gets a slice of one.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
/// <param name="MemoryGib">Memory in GiB; null where no source says.</param>
/// <param name="Source">Where the row was read.</param>
/// <param name="Note">What one should know about it.</param>
public sealed record MachineType(
    string Provider, string Name, AcceleratorFacts Accelerator, double Count, double? Vcpus, double? MemoryGib, string Source, string Note)
{
    /// <summary>The part of one device's memory that one device of the machine has: 1, or the fraction of a slice.</summary>
    public double DeviceShare => Math.Min(1, Count);
}
