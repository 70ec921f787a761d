using System.Collections.Immutable;

namespace Slipway.Capacity.Inventory.Watched;

/// <summary>Reads the devices of the machine that this process runs on.</summary>
public interface IDeviceReader : IDisposable
{
    /// <summary>Reads.</summary>
    /// <returns>The devices, and why they cannot be read: null when they can.</returns>
    (ImmutableArray<DeviceReading> Devices, string? Unread) Read();
}
