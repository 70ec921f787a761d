using System.Globalization;

namespace Slipway.Bench.Gateway;

/// <summary>What recording adds to a request: the gateway without and with it in turn, again and again, so that whatever else the machine does meets both.</summary>
internal static class RecordingBench
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync()
    {
        using var engine = await Proxy.HostAsync("direct", "host-engine");
        using var plain = await Proxy.HostAsync("Slipway", "host-gateway", engine.Address.ToString());
        using var recording = await Proxy.HostAsync("Slipway recording", "host-gateway", engine.Address.ToString(), "recording");
        foreach (var streamed in (bool[])[false, true])
        {
            foreach (var own in (Proxy[])[plain, recording]) await GatewayBench.LoadAsync(own, 1_000, streamed, 16, 5);
        }

        var lines = new List<string>
        {
            $"Processor time of the gateway for each request, without and with recording of all it gets to, in turn, {Rounds} times 3 s each; medians, and the median of the ratios of neighbours.", "",
            "| asked | connections | without | with | ratio |", "|---|---|---|---|---|",
        };
        foreach (var (bytes, streamed, connections) in ((int, bool, int)[])[(1_000, false, 16), (1_000, false, 512), (1_000, true, 64), (220_000, false, 16), (220_000, false, 512), (220_000, true, 64)])
        {
            var pairs = new List<(double Without, double With)>();
            for (var i = 0; i < Rounds; i++) pairs.Add((await EachAsync(plain, bytes, streamed, connections), await EachAsync(recording, bytes, streamed, connections)));
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(bytes == 1_000 ? "1 KB" : "220 KB")}{(streamed ? ", streamed" : "")} | {connections} | {Median(pairs.Select(static p => p.Without)):0} µs | {Median(pairs.Select(static p => p.With)):0} µs | {Median(pairs.Select(static p => p.With / p.Without)):0.00} |"));
            await Console.Error.WriteLineAsync(lines[^1]);
        }

        lines.AddRange(["", string.Create(CultureInfo.InvariantCulture, $"Resident memory after that: {plain.Megabytes:0} MB without, {recording.Megabytes:0} MB with; at the most {plain.MostMegabytes:0} and {recording.MostMegabytes:0} MB.")]);
        await Report.WriteAsync("recording", lines);
        return 0;
    }

    private static async Task<double> EachAsync(Proxy proxy, int bytes, bool streamed, int connections)
    {
        var before = proxy.Microseconds;
        var load = await GatewayBench.LoadAsync(proxy, bytes, streamed, connections, 3);
        return (proxy.Microseconds - before) / (load.Rate * 3);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
