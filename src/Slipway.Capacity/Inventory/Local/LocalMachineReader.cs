using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Local;

/// <summary>
/// Looks at the machine that Slipway runs on. Linux: <c>/proc</c> and <c>/sys</c>, so that no vendor's tool has to be installed. Elsewhere
/// processors and memory as the runtime reports them; on macOS also the GPU, when the caller says which chip it is
/// (<c>sysctl -n machdep.cpu.brand_string</c>); on Windows no accelerators yet, and a note says so.
/// </summary>
public sealed class LocalMachineReader
{
    /// <summary>Folder that stands for <c>/</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>Whether the files are those of Linux.</summary>
    public bool IsLinux { get; init; } = OperatingSystem.IsLinux();

    /// <summary>The chip of a Mac, as in <c>Apple M4 Max</c>; empty elsewhere.</summary>
    public string AppleChip { get; init; } = "";

    /// <summary>Processors that this process may use.</summary>
    public int Cpus { get; init; } = Environment.ProcessorCount;

    /// <summary>The table of accelerators.</summary>
    public AcceleratorTable Table { get; init; } = AcceleratorTable.Bundled;

    /// <summary>Looks. Files that are not there, or may not be read, make notes or unknowns, never errors.</summary>
    public LocalMachine Read() => IsLinux ? Linux() : Elsewhere();

    private LocalMachine Linux()
    {
        var (total, available) = LinuxMemory.Read(Root);
        var notes = ImmutableArray.CreateBuilder<string>();
        var nvidia = LinuxNvidia.Read(Root, Table);
        var others = LinuxPci.Read(Root, Table);
        if (nvidia.IsEmpty && others.NvidiaCards > 0)
            notes.Add($"{others.NvidiaCards} NVIDIA GPU(s) are in the machine, and NVIDIA's driver is not loaded (no /proc/driver/nvidia)");
        return new LocalMachine(Cpus, total, available, [.. nvidia, .. others.Devices], notes.ToImmutable());
    }

    private LocalMachine Elsewhere()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var total ? total : (long?)null;
        if (AppleChip.Length == 0)
            return new LocalMachine(Cpus, memory, null, [], ["accelerators of this operating system are not looked for yet"]);
        var row = Table.Rows.FirstOrDefault(r => r.Device.Vendor == "apple" && r.Device.Name == AppleChip);
        // Its memory is the machine's: the table has the largest that can be bought.
        AcceleratorMatch match = row is null
            ? new AcceleratorMatch.Unknown("no accelerator of that name is in the table", [AppleChip], [])
            : new AcceleratorMatch.Known(row, row.Device with { MemoryBytes = memory ?? row.Device.MemoryBytes }, DeviceFraction.Whole, AppleChip, "memory is shared with the processors");
        return new LocalMachine(Cpus, memory, null, [new LocalDevice("gpu", match)], []);
    }
}
