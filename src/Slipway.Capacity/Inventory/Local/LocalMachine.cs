using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Local;

/// <summary>The machine that Slipway runs on.</summary>
/// <param name="Cpus">Processors that this process may use.</param>
/// <param name="MemoryBytes">Memory that this process may use, a container's limit included; null when it cannot be told.</param>
/// <param name="AvailableMemoryBytes">Memory that is not in use now; null when it cannot be told.</param>
/// <param name="Devices">Accelerators found.</param>
/// <param name="Notes">What could not be looked at, and what stands in the way of a device, in words for a user.</param>
public sealed record LocalMachine(int Cpus, long? MemoryBytes, long? AvailableMemoryBytes, ImmutableArray<LocalDevice> Devices, ImmutableArray<string> Notes);

/// <summary>An accelerator of this machine.</summary>
/// <param name="Address">Where it is: its PCI address, or the system's name for it.</param>
/// <param name="Match">What it is.</param>
public sealed record LocalDevice(string Address, AcceleratorMatch Match);
