using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Gateway;
using Slipway.Gateway.Routing;

namespace Slipway.Bench;

/// <summary>What the gateway adds to a request: the same engine asked directly and through it, in turn.</summary>
internal static class GatewayBench
{
    private const int Rounds = 10;
    private const int PerRound = 2_000;
    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes(
        $$$"""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('a', 1300)}}}"}}]}""");
    private static readonly byte[] s_request = Encoding.UTF8.GetBytes(
        $$$"""{"model":"m","messages":[{"role":"user","content":"{{{new string('q', 950)}}}"}]}""");

    public static async Task<int> RunAsync()
    {
        await using var engine = await EngineAsync();
        using var gateway = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["host-gateway", engine.Urls.First()]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            var through = new Uri((await gateway.StandardOutput.ReadLineAsync())!);
            var direct = new Uri(engine.Urls.First());
            // Until the just-in-time compiler has settled.
            for (var i = 0; i < 10; i++) await LoadAsync(through, 1, PerRound);
            await Report.WriteAsync("gateway", [.. await CompareAsync(gateway, direct, through, 1), "", .. await CompareAsync(gateway, direct, through, 16)]);
        }
        finally
        {
            gateway.Kill();
        }

        return 0;
    }

    public static async Task<int> HostAsync(Uri engine)
    {
        var router = new Router();
        router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = new("m", "default/m", [new Backend(engine)], "", true, DateTimeOffset.UnixEpoch) }));
        await using var gateway = await GatewayServer.StartAsync(0, router, NullLoggerFactory.Instance, CancellationToken.None);
        await Console.Out.WriteLineAsync(gateway.Address.ToString());
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }

    private static async Task<IEnumerable<string>> CompareAsync(Process gateway, Uri direct, Uri through, int connections)
    {
        var (plain, added, cpu) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var alone = await LoadAsync(direct, connections, PerRound);
            gateway.Refresh();
            var before = gateway.TotalProcessorTime;
            var routed = await LoadAsync(through, connections, PerRound);
            gateway.Refresh();
            plain.Add(alone.Median);
            added.Add(routed.Median - alone.Median);
            cpu.Add((gateway.TotalProcessorTime - before).TotalMicroseconds / PerRound);
        }

        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{s_request.Length} B asked, {s_answer.Length} B answered, {connections} connection(s), {Rounds} rounds of {PerRound}, direct and through the gateway in turn; gateway, engine and load share the cores."),
            "", "| | least | median | most | |", "|---|---|---|---|---|",
            new Figures(plain).Row("p50 of a request, direct", "ms", "0.000"),
            new Figures(added).Row("p50 added by the gateway", "ms", "0.000"),
            new Figures(cpu).Row("CPU of the gateway per request", "µs", "0"),
        ];
    }

    private static async Task<Figures> LoadAsync(Uri target, int connections, int requests)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
        var url = new Uri(target, "/v1/chat/completions");
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            var own = new List<double>(requests / connections);
            for (var i = 0; i < requests / connections; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var content = new ByteArrayContent(s_request);
                using var response = await client.PostAsync(url, content);
                if (response.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{response.StatusCode}");
                await response.Content.ReadAsByteArrayAsync();
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return own;
        }));
        return new Figures(times.SelectMany(t => t));
    }

    private static async Task<WebApplication> EngineAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(s_answer);
        });
        await app.StartAsync();
        return app;
    }
}
