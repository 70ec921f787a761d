using System.Diagnostics;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Testing;

namespace Slipway.Capacity.Tests.Watched;

/// <summary>NVIDIA's library, played by one of three devices: one that is well, one that is lost, and one whose memory is worn out.</summary>
public sealed class NvmlReaderTests
{
    private const string Library = """
        #include <string.h>
        typedef void *dev;
        int nvmlInit_v2(void) { return INIT; }
        int nvmlShutdown(void) { return 0; }
        int nvmlDeviceGetCount_v2(unsigned *n) { *n = 3; return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned i, dev *d) { *d = (dev)(unsigned long)(i + 1); return 0; }
        int nvmlDeviceGetUUID(dev d, char *t, unsigned n) { strncpy(t, "GPU-0", n); t[4] = '0' + (char)(unsigned long)d; return 0; }
        int nvmlDeviceGetName(dev d, char *t, unsigned n) { strncpy(t, "NVIDIA H100 80GB HBM3", n); return 0; }
        int nvmlDeviceGetUtilizationRates(dev d, unsigned *r) { if (d == (dev)2) return 15; r[0] = 37; r[1] = 5; return 0; }
        int nvmlDeviceGetMemoryInfo(dev d, unsigned long long *m) { if (d == (dev)2) return 15; m[0] = 85520809984ull; m[1] = 1; m[2] = 1073741824ull; return 0; }
        int nvmlDeviceGetRemappedRows(dev d, unsigned *c, unsigned *u, unsigned *p, unsigned *f) { *c = *u = *p = 0; *f = d == (dev)3; return 0; }
        """;

    [Fact]
    public async Task Each_device_says_how_it_is()
    {
        using var folder = new TempDirectory();
        using var reader = new NvmlReader(await BuildAsync(folder, init: 0));
        var (devices, unread) = reader.Read();
        Assert.Null(unread);
        Assert.Equal(["GPU-1", "GPU-2", "GPU-3"], devices.Select(static d => d.Id));
        Assert.Equal(("NVIDIA H100 80GB HBM3", 0.37, 1073741824L, 85520809984L, null), (devices[0].Name, devices[0].Busy!.Value, devices[0].UsedMemoryBytes!.Value, devices[0].MemoryBytes!.Value, devices[0].Broken));
        Assert.Equal((null, "it is lost: it fell off the bus, or has to be reset"), (devices[1].Busy, devices[1].Broken));
        Assert.Contains("exchanged", devices[2].Broken, StringComparison.Ordinal);
        Assert.Equal(3, reader.Read().Devices.Length);
    }

    [Fact]
    public async Task A_driver_that_does_not_answer_is_told()
    {
        using var folder = new TempDirectory();
        using var reader = new NvmlReader(await BuildAsync(folder, init: 9));
        Assert.Equal("NVML does not start (error 9): the node's driver does not answer", reader.Read().Unread);
    }

    [Fact]
    public void Without_the_library_nothing_is_made_up()
    {
        using var reader = new NvmlReader("libnvidia-ml-that-is-not-here.so.1");
        var (devices, unread) = reader.Read();
        Assert.Empty(devices);
        Assert.Contains("is not here", unread, StringComparison.Ordinal);
    }

    private static async Task<string> BuildAsync(TempDirectory folder, int init)
    {
        var (source, library) = (folder.Write("nvml.c", System.Text.Encoding.UTF8.GetBytes(Library)), folder["libnvidia-ml.so.1"]);
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", $"-DINIT={init}", "-o", library, source]) { RedirectStandardError = true, UseShellExecute = false })!;
            await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", await compiler.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no C compiler (cc) to play NVIDIA's library with.");
        }

        return library;
    }
}
