using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.ApiServer.Tests;

public sealed class CrashTests
{
    private const int Rounds = 6;
    private const int Writers = 8;

    [Fact]
    [Trait("Speed", "slow")]
    public async Task A_killed_server_has_lost_nothing_that_it_acknowledged()
    {
        var directory = Directory.CreateTempSubdirectory("slipway-crash-").FullName;
        var acknowledged = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var random = new Random(7);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await using var child = await Child.StartAsync(directory);
                await CheckAsync(child, acknowledged);
                var kill = 50 + random.Next(400);
                await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => WriteAsync(child, $"r{round}w{w}", acknowledged, kill)));
            }

            await using var last = await Child.StartAsync(directory);
            await CheckAsync(last, acknowledged);
            Assert.True(acknowledged.Count > Rounds, "the writers wrote something before each kill");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_token_outlives_the_server_that_made_it()
    {
        var directory = Directory.CreateTempSubdirectory("slipway-crash-").FullName;
        try
        {
            string token;
            await using (var child = await Child.StartAsync(directory))
            {
                using var request = new StringContent("{}", Encoding.UTF8, "application/json");
                using var account = new StringContent("""{"metadata":{"name":"bot"}}""", Encoding.UTF8, "application/json");
                using var made = await child.Client.PostAsync("/api/v1/namespaces/default/serviceaccounts", account, TestContext.Current.CancellationToken);
                using var answer = await child.Client.PostAsync("/api/v1/namespaces/default/serviceaccounts/bot/token", request, TestContext.Current.CancellationToken);
                token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]!["token"]!;
                child.Kill();
            }

            await using var next = await Child.StartAsync(directory);
            using var review = new StringContent($$"""{"spec":{"token":"{{token}}"} }""", Encoding.UTF8, "application/json");
            using var verdict = await next.Client.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", review, TestContext.Current.CancellationToken);
            var status = JsonNode.Parse(await verdict.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]!;
            Assert.Equal("system:serviceaccount:default:bot", (string?)status["user"]?["username"]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Creates an object, then updates it again and again, and notes each answer; after enough of them the server is killed.
    private static async Task WriteAsync(Child child, string writer, ConcurrentDictionary<string, int> acknowledged, int kill)
    {
        const string Path = "/api/v1/namespaces/default/configmaps";
        try
        {
            for (var i = 0; ; i++)
            {
                var name = $"{writer}n{i / 10}";
                var body = $$"""{"metadata":{"name":"{{name}}"},"data":{"count":"{{i}}","pad":"{{new string('x', i % 700)}}"} }""";
                using var content = new StringContent(body, Encoding.UTF8, i % 10 == 0 ? "application/json" : "application/merge-patch+json");
                using var request = new HttpRequestMessage(i % 10 == 0 ? HttpMethod.Post : HttpMethod.Patch, i % 10 == 0 ? Path : $"{Path}/{name}") { Content = content };
                using var response = await child.Client.SendAsync(request, TestContext.Current.CancellationToken);
                response.EnsureSuccessStatusCode();
                acknowledged[name] = i;
                if (child.CountWrite() == kill) child.Kill();
            }
        }
        catch (HttpRequestException)
        {
            // Killed, as it should be.
        }
    }

    private static async Task CheckAsync(Child child, ConcurrentDictionary<string, int> acknowledged)
    {
        var list = JsonNode.Parse(await child.Client.GetStringAsync("/api/v1/namespaces/default/configmaps", TestContext.Current.CancellationToken))!;
        var stored = ((JsonArray)list["items"]!).ToDictionary(i => (string)i!["metadata"]!["name"]!, i => i!);
        foreach (var (name, count) in acknowledged)
        {
            Assert.True(stored.TryGetValue(name, out var item), $"{name} was acknowledged and is gone");
            var found = int.Parse((string)item["data"]!["count"]!);
            // The one write that was on its way may have been stored without an answer.
            Assert.InRange(found, count, count + 1);
            Assert.Equal(found % 700, ((string)item["data"]!["pad"]!).Length);
        }
    }

    private sealed class Child : IAsyncDisposable
    {
        private readonly Process _process;
        private int _writes;

        private Child(Process process, HttpClient client)
        {
            _process = process;
            Client = client;
        }

        public HttpClient Client { get; }

        public static async Task<Child> StartAsync(string directory)
        {
            var kubeconfig = Path.Combine(directory, "kubeconfig");
            var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
            foreach (var argument in (string[])["serve", Path.Combine(directory, "data"), "0", kubeconfig]) start.ArgumentList.Add(argument);
            var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith("ready ", line, StringComparison.Ordinal);
            var pki = Path.Combine(directory, "data", "pki");
            var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(pki, "ca.pem"));
            var handler = new SocketsHttpHandler();
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(Path.Combine(pki, "admin.pem"))];
            return new(process, new HttpClient(handler) { BaseAddress = new Uri(line!.Split(' ')[1]), DefaultRequestVersion = HttpVersion.Version11 });
        }

        public int CountWrite() => Interlocked.Increment(ref _writes);

        public void Kill() => _process.Kill();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
    }
}
