using System.Globalization;

namespace Slipway.Bench.ApiServer;

/// <summary>
/// What one request costs the embedded server while it holds 1,000, 10,000 and 100,000 objects. The measure is the server's own processor
/// time for each request, which other work on the machine does not change as it changes rates.
/// </summary>
internal static class ScaleBench
{
    private const int Seconds = 5;
    private static readonly int[] s_sizes = [1_000, 10_000, 100_000];
    private static readonly string[] s_rows =
        ["create", "get", "update", "server-side apply", "list, a page of 500", "resident memory", "memory for each object beyond the first 1,000", "start after kill -9"];

    public static async Task<int> RunAsync()
    {
        if (!EmbeddedProcess.IsBuilt) return EmbeddedProcess.SayBuild();
        using var server = await EmbeddedProcess.StartAsync();
        var columns = new List<IReadOnlyList<string>>();
        var (filled, least) = (0, 0.0);
        string? ns = null;
        foreach (var size in s_sizes)
        {
            using var target = new Target("embedded", server.Kubeconfig, [server.Id]);
            await target.PrepareAsync();
            ns ??= target.Namespace;
            await target.FillAsync(ns, filled, size);
            filled = size;
            var start = await server.RestartAsync();
            using var again = new Target("embedded", server.Kubeconfig, [server.Id]);
            await again.PrepareAsync();
            var cells = new List<string>();
            foreach (var request in (Func<string>[])[() => Requests.Create(again.Namespace), () => Requests.Get(ns, size), () => Requests.Update(ns, size), () => Requests.Apply(ns, size), () => Requests.List(ns, 500)])
            {
                await Wrk.RunAsync(again.Address, again.Token, request(), 2);
                var before = server.ProcessorSeconds;
                var load = await Wrk.RunAsync(again.Address, again.Token, request(), Seconds);
                var each = (server.ProcessorSeconds - before) / (load.Rate * Seconds) * 1e6;
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{each:0} µs, {load.Cell}"));
            }

            // What the creates left would count as memory of the objects held.
            await again.Admin.Http.DeleteAsync($"api/v1/namespaces/{again.Namespace}");
            while ((await again.Admin.Http.GetAsync($"api/v1/namespaces/{again.Namespace}")).IsSuccessStatusCode) await Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System);
            var memory = again.Megabytes;
            if (least == 0) least = memory;
            cells.Add(string.Create(CultureInfo.InvariantCulture, $"{memory:0} MB"));
            cells.Add(size == s_sizes[0] ? "" : string.Create(CultureInfo.InvariantCulture, $"{(memory - least) * 1000 / (size - s_sizes[0]):0.0} KB"));
            cells.Add(string.Create(CultureInfo.InvariantCulture, $"{start:0.00} s"));
            columns.Add(cells);
        }

        await Report.WriteAsync(
            "apiserver-scale",
            [
                "ConfigMaps of 1 KB in one namespace. Processor time of the server for each request, then requests a second (p50 / p99) over 16 connections of wrk,",
                $"{Seconds} s each after 2 s of warming up, load and server on the same cores. Writes are fsynced before they are answered.", "",
                $"| objects held | {string.Join(" | ", s_sizes.Select(s => s.ToString("N0", CultureInfo.InvariantCulture)))} |", $"|---|{string.Concat(s_sizes.Select(_ => "---|"))}",
                .. s_rows.Select((row, i) => $"| {row} | {string.Join(" | ", columns.Select(c => c[i]))} |"),
            ]);
        return 0;
    }
}
