using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Local;

/// <summary>AMD and Intel GPUs as the kernel shows them under <c>/sys/class/drm</c>, Gaudi under <c>/sys/bus/pci/devices</c>, all by PCI ids.</summary>
internal static class LinuxPci
{
    public static (ImmutableArray<LocalDevice> Devices, int NvidiaCards) Read(string root, AcceleratorTable table)
    {
        var devices = ImmutableArray.CreateBuilder<LocalDevice>();
        var nvidia = 0;
        foreach (var card in LocalFiles.Folders(root, "sys", "class", "drm"))
        {
            // card0 is a card; card0-DP-1 a connector of it, renderD128 another door to it.
            var name = Path.GetFileName(card);
            if (!name.StartsWith("card", StringComparison.Ordinal) || !name.AsSpan(4).ContainsOnlyDigits()) continue;
            var folder = Path.Combine(card, "device");
            var vendor = LabelText.Hex4(LocalFiles.Text(folder, "vendor"));
            if (vendor == "10de") nvidia++;
            // 1002 AMD, 8086 Intel; a server's own display adapter is no accelerator.
            if (vendor is "1002" or "8086" && Device(name, folder, vendor, table) is { } device) devices.Add(device);
        }

        foreach (var folder in LocalFiles.Folders(root, "sys", "bus", "pci", "devices"))
        {
            if (LabelText.Hex4(LocalFiles.Text(folder, "vendor")) == "1da3" && Device(Path.GetFileName(folder), folder, "1da3", table) is { } device) devices.Add(device);
        }

        return (devices.ToImmutable(), nvidia);
    }

    private static LocalDevice? Device(string name, string folder, string vendor, AcceleratorTable table)
    {
        if (LabelText.Hex4(LocalFiles.Text(folder, "device")) is not { } id) return null;
        var memory = long.TryParse(LocalFiles.Text(folder, "mem_info_vram_total"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0 ? bytes : (long?)null;
        var rows = table.OfDeviceId($"{vendor}:{id}");
        // A chip that shares the machine's memory reports the small part that is set aside for it at start.
        if (rows is [{ Device.Key: "strix-halo" }]) memory = null;
        return new LocalDevice(name, Candidates.Choose(rows, memory, DeviceFraction.Whole, $"PCI id {vendor}:{id}"));
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
