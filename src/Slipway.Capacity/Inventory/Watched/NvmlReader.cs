using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Slipway.Capacity.Inventory.Watched;

/// <summary>Reads NVIDIA's devices by its management library, which the driver brings to whoever has a device.</summary>
/// <param name="path">Where the library is, or its name.</param>
public sealed class NvmlReader(string path = NvmlReader.Usual) : IDeviceReader
{
    /// <summary>The library's name.</summary>
    public const string Usual = "libnvidia-ml.so.1";

    private NvmlLibrary? _library;

    /// <inheritdoc/>
    public (ImmutableArray<DeviceReading> Devices, string? Unread) Read()
    {
        if (_library is null)
        {
            if (NvmlLibrary.Load(path) is not { } library) return ([], $"{path} is not here: NVIDIA's driver brings it where a pod has a device, or the node has no NVIDIA device");
            if (library.Init!() is not NvmlLibrary.Success and var failed)
            {
                library.Dispose();
                return ([], string.Create(CultureInfo.InvariantCulture, $"NVML does not start (error {failed}): the node's driver does not answer"));
            }

            _library = library;
        }

        if (_library.Count!(out var count) is not NvmlLibrary.Success and var uncounted) return ([], string.Create(CultureInfo.InvariantCulture, $"NVML does not count the devices (error {uncounted})"));
        return ([.. Enumerable.Range(0, (int)Math.Min(count, 1024)).Select(i => Device(_library, (uint)i))], null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_library is null) return;
        _library.Shutdown?.Invoke();
        _library.Dispose();
        _library = null;
    }

    private static DeviceReading Device(NvmlLibrary library, uint index)
    {
        var unnamed = new DeviceReading(string.Create(CultureInfo.InvariantCulture, $"index {index}"));
        if (library.Handle!(index, out var device) is not NvmlLibrary.Success and var unreached) return unnamed with { Broken = Why("its handle", unreached) };
        if (Text(library.Uuid!, device) is not { } id) return unnamed with { Broken = "it does not say which it is" };
        var reading = new DeviceReading(id) { Name = library.Name is { } name ? Text(name, device) : null };
        // What a device does not have, a MIG-enabled one its utilisation for example, says nothing of its health.
        if (library.Utilization is { } utilization)
            reading = utilization(device, out var rates) is var code && code is NvmlLibrary.Success ? reading with { Busy = Math.Min(1, rates.Gpu / 100.0) } : reading with { Broken = code is NvmlLibrary.Lost ? Why("its use", code) : null };
        if (library.Memory is { } memory && memory(device, out var bytes) is NvmlLibrary.Success)
            reading = reading with { MemoryBytes = (long)Math.Min(bytes.Total, long.MaxValue), UsedMemoryBytes = (long)Math.Min(bytes.Used, long.MaxValue) };
        if (reading.Broken is null && library.Remapped is { } remapped && remapped(device, out _, out _, out var pending, out var failed) is NvmlLibrary.Success)
            reading = reading with { Broken = failed != 0 ? "rows of its memory could not be replaced by spare ones: it has to be exchanged" : pending != 0 ? "rows of its memory are to be replaced: it has to be reset" : null };
        return reading;
    }

    private static string Why(string what, int code) => code is NvmlLibrary.Lost
        ? "it is lost: it fell off the bus, or has to be reset"
        : string.Create(CultureInfo.InvariantCulture, $"{what} cannot be read (NVML error {code})");

    private static string? Text(NvmlLibrary.GetText read, nint device)
    {
        var text = new byte[96];
        if (read(device, text, (uint)text.Length) is not NvmlLibrary.Success) return null;
        var end = Array.IndexOf(text, (byte)0);
        return Encoding.UTF8.GetString(text, 0, end < 0 ? text.Length : end) is { Length: > 0 } said ? said : null;
    }
}
