using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory.Local;

namespace Slipway.Capacity.Tests.Inventory;

public sealed class LocalMachineReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-machine-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Memory_is_the_machine_s_or_the_container_s()
    {
        Write("proc/meminfo", "MemTotal:       131072 kB\nMemFree:  1 kB\nMemAvailable:    65536 kB\n");
        Assert.Equal((128L << 20, 64L << 20), (Read().MemoryBytes!.Value, Read().AvailableMemoryBytes!.Value));
        Write("sys/fs/cgroup/memory.max", "max\n");
        Assert.Equal(128L << 20, Read().MemoryBytes);
        Write("sys/fs/cgroup/memory.max", "33554432\n");
        Write("sys/fs/cgroup/memory.current", "1048576\n");
        Assert.Equal((32L << 20, 31L << 20), (Read().MemoryBytes!.Value, Read().AvailableMemoryBytes!.Value));
    }

    [Fact]
    public void NVIDIA_is_known_by_what_the_driver_says()
    {
        Write("proc/driver/nvidia/gpus/0000:07:00.0/information", "Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 35\nGPU UUID: \t GPU-1\n");
        Write("proc/driver/nvidia/gpus/0000:08:00.0/information", "Model: \t\t NVIDIA Future\n");
        var devices = Read().Devices;
        Assert.Equal(["0000:07:00.0", "0000:08:00.0"], devices.Select(static d => d.Address));
        Assert.Equal("a100-40gb-sxm", Assert.IsType<AcceleratorMatch.Known>(devices[0].Match).Facts.Device.Key);
        Assert.Equal(["driver model NVIDIA Future"], Assert.IsType<AcceleratorMatch.Unknown>(devices[1].Match).Seen);
    }

    [Fact]
    public void AMD_Intel_and_Gaudi_are_known_by_PCI_ids()
    {
        Card("card0", "0x1a03", "0x2000");
        Card("card1", "0x1002", "0x74a1");
        Write("sys/class/drm/card1/device/mem_info_vram_total", "206141652992\n");
        Card("card1-DP-1", "0x1002", "0x74a1");
        Card("renderD128", "0x1002", "0x74a1");
        Card("card2", "0x8086", "0x56c0");
        Card("card3", "0x8086", "0x0001");
        Write("sys/bus/pci/devices/0000:19:00.0/vendor", "0x1da3\n");
        Write("sys/bus/pci/devices/0000:19:00.0/device", "0x1020\n");
        Assert.Equal(
            ["card1 mi300x", "card2 flex170", "card3 ?", "0000:19:00.0 gaudi2"],
            Read().Devices.Select(static d => $"{d.Address} {(d.Match is AcceleratorMatch.Known known ? known.Facts.Device.Key : "?")}"));
    }

    [Fact]
    public void A_card_of_the_same_chip_with_less_memory_is_no_larger_card()
    {
        Card("card0", "0x1002", "0x744c");
        Write("sys/class/drm/card0/device/mem_info_vram_total", $"{20L << 30}");
        var known = Assert.IsType<AcceleratorMatch.Known>(Read().Devices[0].Match);
        Assert.Equal((20L << 30, (double?)null), (known.Device.MemoryBytes, known.Device.BandwidthBytesPerSecond));
    }

    [Fact]
    public void A_GPU_without_its_driver_is_said()
    {
        Card("card0", "0x10de", "0x2330");
        Assert.Contains("driver is not loaded", Assert.Single(Read().Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_machine_is_unknown_and_no_error()
    {
        var machine = Read();
        Assert.Null(machine.MemoryBytes);
        Assert.Empty(machine.Devices);
    }

    [Fact]
    public void This_machine_can_be_looked_at()
    {
        var machine = new LocalMachineReader().Read();
        Assert.True(machine.Cpus > 0);
        Assert.True(machine.MemoryBytes > 0);
    }

    [Fact]
    public void A_Mac_has_the_chip_that_it_is_said_to_have()
    {
        Assert.Equal("m4-max", Assert.IsType<AcceleratorMatch.Known>(new LocalMachineReader { IsLinux = false, AppleChip = "Apple M4 Max" }.Read().Devices[0].Match).Facts.Device.Key);
        Assert.IsType<AcceleratorMatch.Unknown>(new LocalMachineReader { IsLinux = false, AppleChip = "Apple M4" }.Read().Devices[0].Match);
        Assert.NotEmpty(new LocalMachineReader { IsLinux = false }.Read().Notes);
    }

    private LocalMachine Read() => new LocalMachineReader { Root = _root, IsLinux = true }.Read();

    private void Card(string name, string vendor, string device)
    {
        Write($"sys/class/drm/{name}/device/vendor", vendor + "\n");
        Write($"sys/class/drm/{name}/device/device", device + "\n");
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
