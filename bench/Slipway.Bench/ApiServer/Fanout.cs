using System.Diagnostics;

namespace Slipway.Bench.ApiServer;

/// <summary>How long after a write each of many watchers has heard of it.</summary>
internal static class Fanout
{
    private const int Watchers = 100;
    private const int Writes = 100;

    public static async Task<Figures> RunAsync(Target target)
    {
        var path = $"apis/coordination.k8s.io/v1/namespaces/{target.Namespace}/leases";
        var sent = new long[Writes];
        var delays = new double[Watchers * Writes];
        using var ready = new CountdownEvent(Watchers);
        var round = Enumerable.Range(0, Writes).Select(_ => new CountdownEvent(Watchers)).ToArray();
        var watching = Enumerable.Range(0, Watchers).Select(w => Task.Run(async () =>
        {
            using var connection = target.Connect();
            using var response = await connection.Http.GetAsync(path + "?watch=true", HttpCompletionOption.ResponseHeadersRead);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            ready.Signal();
            for (var i = 0; i < Writes; i++)
            {
                await lines.ReadLineAsync();
                delays[w * Writes + i] = Stopwatch.GetElapsedTime(Volatile.Read(ref sent[i])).TotalMilliseconds;
                round[i].Signal();
            }
        })).ToArray();
        await Task.Run(ready.Wait);
        for (var i = 0; i < Writes; i++)
        {
            Volatile.Write(ref sent[i], Stopwatch.GetTimestamp());
            await target.PostAsync(path, $$"""{"metadata":{"name":"f{{i}}"} }""");
            await Task.Run(round[i].Wait);
        }

        await Task.WhenAll(watching);
        foreach (var one in round) one.Dispose();
        return new Figures(delays);
    }
}
