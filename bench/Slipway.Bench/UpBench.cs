using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Bench.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;

namespace Slipway.Bench;

/// <summary>From `up` to a ready API, from apply to the first token of the bundled model, and memory at rest.</summary>
internal static class UpBench
{
    private static readonly string s_program = Path.GetFullPath("artifacts/slipway/slipway");

    public static async Task<int> RunAsync(int runs)
    {
        if (!File.Exists(s_program))
        {
            await Console.Error.WriteLineAsync("Build it first: ./slipway --version");
            return 1;
        }

        var (ready, up, token, idle, serving) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        // One installation of the engine serves all runs: it is the start that is measured, not a download.
        var engines = Directory.CreateTempSubdirectory("slipway-bench-engines-").FullName;
        await (await StartAsync(["engine", "install", "--data", engines])).WaitForExitAsync();
        for (var i = 0; i <= runs; i++)
        {
            var data = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
            Directory.CreateSymbolicLink(Path.Combine(data, "engines"), Path.Combine(engines, "engines"));
            var began = Stopwatch.GetTimestamp();
            using var process = await StartAsync(["up", "--data", data, "--no-browser", "--api-port", "17443", "--gateway-port", "17080", "--web-port", "17081"]);
            var apiReady = await ApiReadyAsync(began);
            await process.StandardOutput.ReadLineAsync();
            var allUp = Stopwatch.GetElapsedTime(began);
            // The collector settles; five seconds are the definition of rest here.
            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
            var rest = Target.ResidentMegabytes(process.Id);
            var first = await FirstTokenAsync(data);
            var busy = Target.ResidentMegabytes(process.Id);
            Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
            await process.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
            if (i == 0) continue; // The first run fills the page cache.
            ready.Add(apiReady.TotalSeconds);
            up.Add(allUp.TotalSeconds);
            token.Add(first.TotalSeconds);
            idle.Add(rest);
            serving.Add(busy);
        }

        Directory.Delete(engines, recursive: true);
        await Report.WriteAsync(
            "up",
            [
                $"`slipway up` on empty data, {runs} runs after one that is not counted.", "",
                "| | least | median | most | |", "|---|---|---|---|---|",
                new Figures(ready).Row("process start to API ready (/readyz)", "s"),
                new Figures(up).Row("process start to everything up", "s"),
                new Figures(token).Row("apply to first token of the bundled model", "s"),
                new Figures(idle).Row("resident memory at rest, no models", "MB", "0"),
                new Figures(serving).Row("resident memory with one model served (without the engine)", "MB", "0"),
            ]);
        return 0;
    }

    private static Task<Process> StartAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(s_program, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["SLIPWAY_HOME"] = Directory.GetCurrentDirectory();
        start.Environment["HF_HUB_OFFLINE"] = "1";
        return Task.FromResult(Process.Start(start)!);
    }

    private static async Task<TimeSpan> ApiReadyAsync(long began)
    {
        using var handler = new SocketsHttpHandler();
        // /readyz is open to anyone; whose certificate it is does not matter to the clock.
#pragma warning disable CA5359 // Only the time of the first answer is read, nothing is sent.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var client = new HttpClient(handler);
        while (true)
        {
            try
            {
                if ((await client.GetAsync(new Uri("https://127.0.0.1:17443/readyz"))).IsSuccessStatusCode) return Stopwatch.GetElapsedTime(began);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }
    }

    private static async Task<TimeSpan> FirstTokenAsync(string data)
    {
        using var connection = KubeConnection.FromKubeconfig(Path.Combine(data, "kubeconfig"));
        using var gateway = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:17080") };
        var deployment = new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "tiny-chat", Namespace = "default" },
            Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "slipway/tiny-chat" } },
        };
        var client = new KubeClient(connection);
        await client.ListAsync(Kinds.ModelDeployments, "default", CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        await client.ApplyAsync(Kinds.ModelDeployments, deployment, "bench", CancellationToken.None);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
            {
                Content = new StringContent("""{"model":"tiny-chat","stream":true,"messages":[{"role":"user","content":"What is 17 + 25?"}]}""", Encoding.UTF8, "application/json"),
            };
            using var response = await gateway.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
                continue;
            }

            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            {
                if ((string?)JsonNode.Parse(item.Data)?["choices"]?[0]?["delta"]?["content"] is { Length: > 0 }) return Stopwatch.GetElapsedTime(began);
            }
        }
    }
}
