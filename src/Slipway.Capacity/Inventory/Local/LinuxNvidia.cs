using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;

namespace Slipway.Capacity.Inventory.Local;

/// <summary>NVIDIA GPUs as the driver lists them: a folder for each under <c>/proc/driver/nvidia/gpus</c>, with the model's name.</summary>
internal static class LinuxNvidia
{
    public static ImmutableArray<LocalDevice> Read(string root, AcceleratorTable table)
    {
        var devices = ImmutableArray.CreateBuilder<LocalDevice>();
        foreach (var folder in LocalFiles.Folders(root, "proc", "driver", "nvidia", "gpus"))
        {
            if (LocalFiles.Text(folder, "information") is not { } information) continue;
            var model = "";
            foreach (var line in information.AsSpan().EnumerateLines())
            {
                if (line.StartsWith("Model:", StringComparison.Ordinal)) model = line["Model:".Length..].Trim().ToString();
            }

            // The product label is this name with dashes for blanks. The driver tells memory only to its own library.
            var match = Candidates.Choose(table.OfProduct(model.Replace(' ', '-')), null, DeviceFraction.Whole, $"driver model {model}");
            devices.Add(new LocalDevice(Path.GetFileName(folder), match));
        }

        return devices.ToImmutable();
    }
}
