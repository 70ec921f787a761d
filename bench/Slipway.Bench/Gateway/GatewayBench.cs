using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Bench.ApiServer;
using Slipway.Gateway;
using Slipway.Gateway.Recording;
using Slipway.Gateway.Records;
using Slipway.Gateway.Records.History;
using Slipway.Gateway.Routing;

namespace Slipway.Bench.Gateway;

/// <summary>What a gateway adds to a request: the engine asked directly, and through each gateway in turn, with the load and the engine on the same cores.</summary>
internal static class GatewayBench
{
    private const int Seconds = 4;
    private static readonly int[] s_connections = [1, 16, 64, 512];

    /// <param name="portkey">The start script of the Portkey gateway; it is left out when null.</param>
    public static async Task<int> RunAsync(string? portkey)
    {
        using var engine = await Proxy.HostAsync("direct", "host-engine");
        using var slipway = await Proxy.HostAsync("Slipway", "host-gateway", engine.Address.ToString());
        using var prefix = await Proxy.HostAsync("Slipway by prefix", "host-gateway", engine.Address.ToString(), "prefix");
        using var recording = await Proxy.HostAsync("Slipway recording", "host-gateway", engine.Address.ToString(), "recording");
        using var nginx = await Proxy.NginxAsync(engine.Address);
        using var other = portkey is null ? null : await Proxy.PortkeyAsync(portkey, engine.Address);
        Proxy[] all = [engine, nginx, slipway, prefix, recording, .. other is null ? Array.Empty<Proxy>() : [other]];
        var lines = new List<string>
        {
            "Load (wrk), engine and gateway share the cores. Each cell: requests a second (p50 / p99), then processor time of the gateway for each request.",
            "\"By prefix\" is Slipway with two replicas (the engine by two names), which picks one by the prompt for each request.",
            "\"Recording\" is Slipway that records all it gets to, as with slipway.dev/record=100%.", "",
        };
        // Until the just-in-time compiler has settled.
        foreach (var streamed in (bool[])[false, true])
        {
            foreach (var own in (Proxy[])[slipway, prefix, recording]) await LoadAsync(own, 1_000, streamed, 16, 10);
        }

        foreach (var bytes in (int[])[1_000, 220_000])
        {
            foreach (var streamed in (bool[])[false, true])
            {
                // Its streams end in 500 here (version 1.15.2), so that there is nothing to compare.
                Proxy[] measured = streamed ? [.. all.Where(p => p != other)] : all;
                lines.AddRange([$"## {(bytes == 1_000 ? "1 KB" : "220 KB")} asked, {(streamed ? "20 events streamed" : "1.4 KB answered")}", "", $"| connections | {string.Join(" | ", measured.Select(static p => p.Name))} |", $"|---|{string.Concat(measured.Select(static _ => "---|"))}"]);
                foreach (var connections in s_connections)
                {
                    var cells = new List<string>();
                    foreach (var proxy in measured) cells.Add(await CellAsync(proxy, bytes, streamed, connections));
                    lines.Add($"| {connections} | {string.Join(" | ", cells)} |");
                }

                lines.Add("");
            }
        }

        lines.Add("Resident memory after that: " + string.Join(", ", all.Skip(1).Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {p.Megabytes:0} MB"))) + ".");
        var (least, median) = PrefixBench.Run(220_000);
        lines.AddRange(["", string.Create(CultureInfo.InvariantCulture, $"To pick one of two replicas by a prompt of 220 KB takes by itself {least:0} µs at the least, {median:0} µs in the median.")]);
        await Report.WriteAsync("gateway", lines);
        return 0;
    }

    /// <summary>The gateway as a process of its own.</summary>
    /// <param name="engine">Where it takes requests.</param>
    /// <param name="how">`bare` for no records, which `slipway up` makes; `prefix` for two replicas; `recording` for recording all.</param>
    public static async Task<int> HostAsync(Uri engine, string? how)
    {
        var router = new Router();
        // The same engine by another name is another replica.
        Backend[] backends = [new(engine), .. how is "prefix" ? [new Backend(new UriBuilder(engine) { Host = "localhost" }.Uri)] : Array.Empty<Backend>()];
        router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = new("m", "default/m", [.. backends], "", true, DateTimeOffset.UnixEpoch) { Recording = how is "recording" ? new RecordingRule(1, TimeSpan.FromDays(1)) : null } }));
        using var telemetry = new GatewayTelemetry();
        var folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
        await using var recorder = new Recorder(new RecorderOptions { Folder = Path.Combine(folder, "recordings"), KeyFile = Path.Combine(folder, "key") }, NullLogger<Recorder>.Instance);
        await using var gateway = await GatewayServer.StartAsync(
            new GatewayOptions { Recorder = recorder, Observers = how is "bare" ? [] : [new RequestHistory(TimeProvider.System), telemetry] }, router, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync(gateway.Address.ToString());
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }

    private static async Task<string> CellAsync(Proxy proxy, int bytes, bool streamed, int connections)
    {
        await LoadAsync(proxy, bytes, streamed, connections, 1);
        var before = proxy.Microseconds;
        var load = await LoadAsync(proxy, bytes, streamed, connections, Seconds);
        var each = (proxy.Microseconds - before) / (load.Rate * Seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{load.Cell}, {each:0} µs");
    }

    /// <summary>Asks for some seconds.</summary>
    public static Task<Load> LoadAsync(Proxy proxy, int bytes, bool streamed, int connections, int seconds) => Wrk.RunScriptAsync(proxy.Address, $$"""
        wrk.method = "POST"
        wrk.path = "/v1/chat/completions"
        wrk.headers["Content-Type"] = "application/json"
        {{proxy.Headers}}
        wrk.body = '{"model":"m"{{(streamed ? ",\"stream\":true" : "")}},"messages":[{"role":"user","content":"' .. string.rep("q", {{bytes - 60}}) .. '"}]}'
        """, 1, connections, seconds);
}
