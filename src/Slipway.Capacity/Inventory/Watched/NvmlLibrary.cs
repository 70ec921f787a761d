using System.Runtime.InteropServices;

namespace Slipway.Capacity.Inventory.Watched;

/// <summary>NVIDIA's management library, as far as it is used here (nvml.h; functions and structures of these names do not change).</summary>
internal sealed class NvmlLibrary : IDisposable
{
    /// <summary>It worked.</summary>
    public const int Success = 0;

    /// <summary>The device does not have that.</summary>
    public const int NotSupported = 3;

    /// <summary>The device fell off the bus, or needs a reset.</summary>
    public const int Lost = 15;

    private readonly nint _library;

    private NvmlLibrary(nint library)
    {
        _library = library;
        Init = Find<Plain>("nvmlInit_v2");
        Shutdown = Find<Plain>("nvmlShutdown");
        Count = Find<GetCount>("nvmlDeviceGetCount_v2");
        Handle = Find<GetHandle>("nvmlDeviceGetHandleByIndex_v2");
        Uuid = Find<GetText>("nvmlDeviceGetUUID");
        Name = Find<GetText>("nvmlDeviceGetName");
        Utilization = Find<GetUtilization>("nvmlDeviceGetUtilizationRates");
        Memory = Find<GetMemory>("nvmlDeviceGetMemoryInfo");
        Remapped = Find<GetRemapped>("nvmlDeviceGetRemappedRows");
    }

    public delegate int Plain();

    public delegate int GetCount(out uint count);

    public delegate int GetHandle(uint index, out nint device);

    public delegate int GetText(nint device, byte[] text, uint length);

    public delegate int GetUtilization(nint device, out Rates rates);

    public delegate int GetMemory(nint device, out MemoryInfo memory);

    public delegate int GetRemapped(nint device, out uint correctable, out uint uncorrectable, out uint pending, out uint failed);

    public Plain? Init { get; }

    public Plain? Shutdown { get; }

    public GetCount? Count { get; }

    public GetHandle? Handle { get; }

    public GetText? Uuid { get; }

    public GetText? Name { get; }

    public GetUtilization? Utilization { get; }

    public GetMemory? Memory { get; }

    public GetRemapped? Remapped { get; }

    /// <summary>Finds it.</summary>
    /// <param name="path">Where it is, or its name.</param>
    /// <returns>The library; null where it is not, or is none.</returns>
    public static NvmlLibrary? Load(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library)) return null;
        var made = new NvmlLibrary(library);
        if (made is { Init: not null, Count: not null, Handle: not null, Uuid: not null }) return made;
        made.Dispose();
        return null;
    }

    public void Dispose() => NativeLibrary.Free(_library);

    private T? Find<T>(string name)
        where T : Delegate => NativeLibrary.TryGetExport(_library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    /// <summary>nvmlUtilization_t: percent of the last sample period in which something ran, or memory was read or written.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Rates
    {
        public uint Gpu;
        public uint Memory;
    }

    /// <summary>nvmlMemory_t, bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
