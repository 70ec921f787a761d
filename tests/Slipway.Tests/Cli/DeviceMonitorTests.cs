using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Kubernetes.Connection;
using Slipway.Monitoring;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>Monitors of devices, from `slipway install --device-monitor` in a simulated cluster to what `slipway capacity` says of them.</summary>
[Trait("Speed", "slow")]
public sealed class DeviceMonitorTests
{
    private const string Space = "gpu-monitor";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_monitor_sees_all_devices_takes_none_and_what_it_says_is_reckoned_with()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token, "--simulate", folder.Write("cluster.yaml", "startup: 0\nnodes:\n- {accelerator: h100, count: 1, perNode: 2, labels: {nvidia.com/gpu.present: true}}\n"u8.ToArray()));

        // Nobody is given the privilege by installing something.
        string[] install = ["install", "--device-monitor", Space, "--no-webhook", "--kubeconfig", slipway.Kubeconfig];
        Assert.Contains($"kubectl create namespace {Space} and kubectl label namespace {Space} resource.kubernetes.io/admin-access=true", (await AloneAsync(install)).Errors, StringComparison.Ordinal);
        await slipway.KubectlOkAsync("create", "namespace", Space);
        Assert.Equal(1, (await AloneAsync(install)).ExitCode);
        await slipway.KubectlOkAsync("label", "namespace", Space, "resource.kubernetes.io/admin-access=true");
        var installed = await AloneAsync(install);
        Assert.True(installed.Succeeded, installed.Errors);

        await Eventually.TrueAsync(async () =>
        {
            var claims = JsonNode.Parse(await slipway.KubectlOkAsync("get", "resourceclaims", "-n", Space, "-o", "json"))!["items"]!.AsArray();
            var results = claims.SelectMany(static c => c!["status"]?["allocation"]?["devices"]?["results"]?.AsArray() ?? []).ToList();
            return (results.Count == 2 && results.All(static r => (bool?)r!["adminAccess"] == true), claims.ToJsonString());
        }, TimeSpan.FromSeconds(60));
        Assert.Equal(2, await FreeAsync(slipway));

        // As the account that the manifests make, with its rights and no others.
        using var connection = KubeConnection.FromKubeconfig(await AsMonitorAsync(slipway, folder));
        var uuids = JsonNode.Parse(await slipway.KubectlOkAsync("get", "resourceslices", "-o", "json"))!["items"]!.AsArray()
            .SelectMany(static s => s!["spec"]!["devices"]!.AsArray()).Select(static d => (string)d!["attributes"]!["uuid"]!["string"]!).ToList();
        var node = (await slipway.KubectlOkAsync("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}")).Trim();
        using var reader = new Fake([new DeviceReading(uuids[0]) { Name = "H100", Busy = 0.5 }, new DeviceReading(uuids[1]) { Name = "H100", Busy = 0, Broken = "it is lost" }]);
        using var monitor = new DeviceMonitor(reader, new KubeClient(connection), Space, node, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var failures = new List<string>();
        monitor.Failed += failures.Add;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = monitor.RunAsync(stop.Token);
        await Eventually.TrueAsync(async () => (await FreeAsync(slipway) == 1, string.Join("; ", failures)), TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(failures);

        var text = (await slipway.RunAsync("capacity")).Output;
        Assert.Contains($"{node}: H100 {uuids[1]} is broken: it is lost.", text, StringComparison.Ordinal);
        Assert.Contains($"{node}: watched: H100 {uuids[0]} 50 % busy; H100 {uuids[1]} broken: it is lost.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_NVIDIAs_library_it_says_so_and_makes_nothing_up()
    {
        if (File.Exists("/proc/driver/nvidia/version")) Assert.Skip("This machine has NVIDIA's driver.");
        var result = await AloneAsync(["dra", "monitor", "--once", "--node", "n"]);
        Assert.Equal(1, result.ExitCode);
        var report = NodeReport.Read(result.Output)!;
        Assert.Contains("is not here", report.Unread, StringComparison.Ordinal);
        Assert.Empty(report.Devices);
    }

    private static Task<CommandResult> AloneAsync(params string[] arguments) => Command.RunAsync(SlipwayProcess.Program, arguments, cancellationToken: Token);

    private static async Task<int> FreeAsync(SlipwayProcess slipway) =>
        JsonNode.Parse((await slipway.RunAsync("capacity", "-o", "json")).Output)!["nodes"]!.AsArray().Sum(static n => n!["devices"]!.AsArray().Sum(static d => (int)d!["free"]!));

    private static async Task<string> AsMonitorAsync(SlipwayProcess slipway, TempDirectory folder)
    {
        var token = (await slipway.KubectlOkAsync("create", "token", "slipway-device-monitor", "-n", Space)).Trim();
        var kubeconfig = JsonNode.Parse(await slipway.KubectlOkAsync("config", "view", "--raw", "-o", "json"))!;
        kubeconfig["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        return folder.Write("monitor.json", Encoding.UTF8.GetBytes(kubeconfig.ToJsonString()));
    }

    private sealed class Fake(ImmutableArray<DeviceReading> devices) : IDeviceReader
    {
        public (ImmutableArray<DeviceReading> Devices, string? Unread) Read() => (devices, null);

        public void Dispose()
        {
        }
    }
}
