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
        await AccountAsync(clients[0]);
        var token = await TokenAsync(clients[0]);
        var accounts = Enumerable.Range(0, Connections).Select(_ => NewClient(authority, null, address)).ToList();
        foreach (var account in accounts) account.DefaultRequestHeaders.Authorization = new("Bearer", token);
        // In turn, so that what else the machine does meets both alike.
        for (var round = 0; round < 3; round++)
        {
            await MeasureAsync("get by certificate", clients, 30000, (client, i) => SendAsync(client, HttpMethod.Get, $"{Path}/load-{i % 8000}", null));
            await MeasureAsync("get by token and role", accounts, 30000, (client, i) => SendAsync(client, HttpMethod.Get, $"{Path}/load-{i % 8000}", null));
        }

        await MeasureAsync("merge patch", clients, 8000, (client, i) =>
            SendAsync(client, HttpMethod.Patch, $"{Path}/load-{i}", $$"""{"data":{"n":"{{Interlocked.Increment(ref count)}}"} }"""));
        await MeasureAsync("list 1000", clients, 500, (client, _) => SendAsync(client, HttpMethod.Get, Path + "?limit=1000", null));
        await Console.Out.WriteLineAsync($"list all: {JsonNode.Parse(await clients[0].GetStringAsync(Path))!["items"]!.AsArray().Count} objects");
        foreach (var client in clients.Concat(accounts)) client.Dispose();
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

    // An account that may read by a role of its own, among hundreds of bindings of others.
    private static async Task AccountAsync(HttpClient admin)
    {
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
        await SendAsync(admin, HttpMethod.Post, "/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"load"}}""");
        await SendAsync(admin, HttpMethod.Post, Rbac + "/roles", """{"metadata":{"name":"load"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get"]}]}""");
        for (var i = 0; i < 300; i++)
        {
            var subject = i == 0 ? """{"kind":"ServiceAccount","name":"load"}""" : $$"""{"kind":"User","name":"other-{{i}}"}""";
            await SendAsync(admin, HttpMethod.Post, Rbac + "/rolebindings", $$"""{"metadata":{"name":"load-{{i}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"load"},"subjects":[{{subject}}] }""");
        }
    }

    private static async Task<string> TokenAsync(HttpClient admin)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await admin.PostAsync(new Uri("/api/v1/namespaces/default/serviceaccounts/load/token", UriKind.Relative), content);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!["token"]!;
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
    }

    private static HttpClient NewClient(X509Certificate2 authority, string? pki, string address)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        if (pki is not null) handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(System.IO.Path.Combine(pki, "admin.pem"))];
        return new HttpClient(handler) { BaseAddress = new Uri(address), DefaultRequestVersion = HttpVersion.Version11 };
    }
}
