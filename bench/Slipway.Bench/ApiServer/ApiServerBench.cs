using System.Diagnostics;
using System.Globalization;

namespace Slipway.Bench.ApiServer;

/// <summary>The embedded Kubernetes API, and beside it any others that are given by kubeconfig, under the same load in the same run.</summary>
internal static class ApiServerBench
{
    private const int Seconds = 8;

    /// <param name="others">Each <c>NAME=KUBECONFIG</c>, with <c>@PID[+PID]</c> after it to read the memory of its processes.</param>
    public static async Task<int> RunAsync(string[] others)
    {
        if (!EmbeddedProcess.IsBuilt) return EmbeddedProcess.SayBuild();
        var starts = new List<double>();
        for (var i = 0; i < 5; i++) starts.Add(await StartTimeAsync());
        var results = new List<(string Name, IReadOnlyList<string> Cells)>();
        using (var server = await EmbeddedProcess.StartAsync())
        using (var embedded = new Target("embedded", server.Kubeconfig, [server.Id])) results.Add((embedded.Name, await MeasureAsync(embedded)));
        foreach (var other in others)
        {
            using var target = Parse(other);
            results.Add((target.Name, await MeasureAsync(target)));
        }

        await Report.WriteAsync(
            "apiserver",
            [
                $"ConfigMaps of 1 KB over TLS with a bearer token, 16 connections of wrk for {Seconds} s each, load and server on the same cores.",
                "Requests a second (p50 / p99). The embedded server fsyncs its log before it answers a write.", "",
                $"| | {string.Join(" | ", results.Select(r => r.Name))} |", $"|---|{string.Concat(results.Select(_ => "---|"))}",
                .. s_rows.Select((row, i) => $"| {row} | {string.Join(" | ", results.Select(r => r.Cells[i]))} |"), "",
                "| | least | median | most | |", "|---|---|---|---|---|",
                new Figures(starts).Row("embedded: process start to /readyz", "s"),
            ]);
        return 0;
    }

    private static readonly string[] s_rows =
        ["create", "get", "update", "server-side apply", "list of 1,000", "list of 10,000", "write to 100 watchers, p50 / p99",
         "resident memory with 11,000 objects", "the same, after the requests above but create"];

    private static async Task<IReadOnlyList<string>> MeasureAsync(Target target)
    {
        await target.PrepareAsync();
        var thousand = target.Namespace + "-1k";
        await target.PostAsync("api/v1/namespaces", $$"""{"metadata":{"name":"{{thousand}}"} }""");
        await target.FillAsync(thousand, 0, 1000);
        await target.FillAsync(target.Namespace, 0, 10_000);
        var memory = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{target.Megabytes:0} MB") };
        var cells = new List<string>();
        async Task WrkAsync(string request) => cells.Add((await Wrk.RunAsync(target.Address, target.Token, request, Seconds)).Cell);

        await WrkAsync(Requests.Get(target.Namespace, 10_000));
        await WrkAsync(Requests.Update(target.Namespace, 10_000));
        await WrkAsync(Requests.Apply(target.Namespace, 10_000));
        await WrkAsync(Requests.List(thousand));
        await WrkAsync(Requests.List(target.Namespace));
        var fanout = await Fanout.RunAsync(target);
        cells.Add(string.Create(CultureInfo.InvariantCulture, $"{fanout.Median:0.0} / {fanout.At(0.99):0.0} ms"));
        memory.Add(string.Create(CultureInfo.InvariantCulture, $"{target.Megabytes:0} MB"));

        // Last, and shown first: what is created in seconds is more the faster a server is, and memory is compared at the same number of objects.
        var created = $"{target.Namespace}-new";
        await target.PostAsync("api/v1/namespaces", $$"""{"metadata":{"name":"{{created}}"} }""");
        await WrkAsync(Requests.Create(created));
        cells = [cells[^1], .. cells[..^1], .. memory];
        foreach (var ns in (string[])[thousand, created]) await target.Admin.Http.DeleteAsync($"api/v1/namespaces/{ns}");
        await target.CleanAsync();
        return cells;
    }

    private static Target Parse(string text)
    {
        var name = text[..text.IndexOf('=', StringComparison.Ordinal)];
        var rest = text[(name.Length + 1)..].Split('@');
        return new Target(name, rest[0], rest.Length > 1 ? [.. rest[1].Split('+').Select(p => int.Parse(p, CultureInfo.InvariantCulture))] : []);
    }

    private static async Task<double> StartTimeAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using var server = await EmbeddedProcess.StartAsync();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
