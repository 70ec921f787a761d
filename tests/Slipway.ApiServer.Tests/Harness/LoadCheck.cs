using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.ApiServer.Tests.Harness;

/// <summary>Measures rates of a running server: "load DATA-DIRECTORY ADDRESS". Run it beside "serve" in a release build.</summary>
internal static class LoadCheck
{
    private const int Connections = 16;
    private const string Path = "/api/v1/namespaces/default/configmaps";

    public static async Task<int> RunAsync(string directory, string address)
    {
        var pki = System.IO.Path.Combine(directory, "pki");
        using var authority = X509CertificateLoader.LoadCertificateFromFile(System.IO.Path.Combine(pki, "ca.pem"));
        var clients = Enumerable.Range(0, Connections).Select(_ => NewClient(authority, pki, address)).ToList();
        var pad = new string('x', 800);
        var count = 0;
        await MeasureAsync("create", clients, 8000, (client, i) =>
            SendAsync(client, HttpMethod.Post, Path, $$"""{"metadata":{"name":"load-{{i}}"},"data":{"pad":"{{pad}}"} }"""));
        await MeasureAsync("get", clients, 30000, (client, i) => SendAsync(client, HttpMethod.Get, $"{Path}/load-{i % 8000}", null));
        await MeasureAsync("merge patch", clients, 8000, (client, i) =>
            SendAsync(client, HttpMethod.Patch, $"{Path}/load-{i}", $$"""{"data":{"n":"{{Interlocked.Increment(ref count)}}"} }"""));
        await MeasureAsync("list 1000", clients, 500, (client, _) => SendAsync(client, HttpMethod.Get, Path + "?limit=1000", null));
        await Console.Out.WriteLineAsync($"list all: {JsonNode.Parse(await clients[0].GetStringAsync(Path))!["items"]!.AsArray().Count} objects");
        foreach (var client in clients) client.Dispose();
        return 0;
    }

    private static async Task MeasureAsync(string what, List<HttpClient> clients, int total, Func<HttpClient, int, Task> one)
    {
        var next = -1;
        var times = new double[total];
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(clients.Select(async client =>
        {
            for (var i = Interlocked.Increment(ref next); i < total; i = Interlocked.Increment(ref next))
            {
                var start = TimeProvider.System.GetTimestamp();
                await one(client, i);
                times[i] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            }
        }));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Array.Sort(times);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {total / seconds:F0}/s, p50 {times[total / 2]:F2} ms, p99 {times[total * 99 / 100]:F2} ms"));
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
    }

    private static HttpClient NewClient(X509Certificate2 authority, string pki, string address)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(System.IO.Path.Combine(pki, "admin.pem"))];
        return new HttpClient(handler) { BaseAddress = new Uri(address), DefaultRequestVersion = HttpVersion.Version11 };
    }
}
