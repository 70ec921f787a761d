using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.ApiServer;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>
/// The server under test and an administrator's client for it: an embedded one in a directory of its own, or for the whole suite
/// the cluster of <c>SLIPWAY_CONFORMANCE_KUBECONFIG</c>.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly ConcurrentBag<string> _made = [];
    private KubeconfigFile? _file;
    private EmbeddedApiServer? _embedded;
    private string? _directory;

    /// <summary>The cluster that the suite is to be run against, when it is not the embedded one.</summary>
    public static string? Cluster { get; } = Environment.GetEnvironmentVariable("SLIPWAY_CONFORMANCE_KUBECONFIG") is { Length: > 0 } path ? path : null;

    public string Directory => _directory ??= System.IO.Directory.CreateTempSubdirectory("slipway-apiserver-").FullName;

    public string Kubeconfig => _embedded is null ? Cluster! : Path.Combine(Directory, "kubeconfig");

    public EmbeddedApiServer Server => _embedded ?? throw new InvalidOperationException("this test needs the embedded server: it belongs to the tests of Slipway.ApiServer");

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Gets a client that shows nothing of who it is.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        if (Cluster is null)
        {
            await StartAsync();
            return;
        }

        _file = KubeconfigFile.Read(Cluster);
        Client = NewClient(_file.Server, _file.Authority, _file.Certificate, _file.Token);
        Stranger = NewClient(_file.Server, _file.Authority, null);
    }

    /// <summary>Starts an embedded server, whatever cluster the suite runs against.</summary>
    public async Task StartAsync()
    {
        _embedded = await EmbeddedApiServer.StartAsync(Options(), TestLog.Factory, TestContext.Current.CancellationToken);
        Client = NewClient(_embedded, _embedded.AdminCertificate);
        Stranger = NewClient(_embedded, null);
    }

    public async Task StopAsync()
    {
        Client.Dispose();
        Stranger.Dispose();
        if (_embedded is not null) await _embedded.DisposeAsync();
    }

    public ApiServerOptions Options() => new() { DataDirectory = Path.Combine(Directory, "data"), KubeconfigPath = Path.Combine(Directory, "kubeconfig"), Time = Time };

    public async ValueTask DisposeAsync()
    {
        // An embedded server goes with its directory; a cluster is left as it was found.
        if (_file is not null)
            foreach (var path in _made) using (await Client.DeleteAsync(path, CancellationToken.None)) { }
        await StopAsync();
        if (_directory is not null) System.IO.Directory.Delete(_directory, recursive: true);
    }

    public static HttpClient NewClient(EmbeddedApiServer server, X509Certificate2? identity) => NewClient(server.Address, server.CertificateAuthority, identity);

    private static HttpClient NewClient(Uri address, X509Certificate2 authority, X509Certificate2? identity, string? token = null)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        if (identity is not null) handler.SslOptions.ClientCertificates = [identity];
        var client = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, accept: accept);

    public Task<Answer> PostAsync(string path, string body, string type = "application/json") => SendAsync(HttpMethod.Post, path, body, type);

    public Task<Answer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public Task<Answer> MergeAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json");

    public Task<Answer> JsonPatchAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/json-patch+json");

    public Task<Answer> StrategicAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/strategic-merge-patch+json");

    public Task<Answer> ApplyAsync(string path, string manager, string body, bool force = false) =>
        SendAsync(HttpMethod.Patch, $"{path}{(path.Contains('?') ? '&' : '?')}fieldManager={manager}{(force ? "&force=true" : "")}", body, "application/apply-patch+yaml");

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20 };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        return new(response.StatusCode, text, warnings, response.Content.Headers.ContentType?.ToString() ?? "");
    }

    /// <summary>Makes a namespace of the test's own.</summary>
    public async Task<string> NamespaceAsync()
    {
        var answer = await PostAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"generateName":"t-"}}""");
        var name = answer.Expect(HttpStatusCode.Created).Text("metadata.name")!;
        _made.Add("/api/v1/namespaces/" + name);
        return name;
    }

    /// <summary>Defines a namespaced resource with the given schema for spec and status; its plural and group are made up.</summary>
    public async Task<CustomKind> DefineAsync(string spec, string status = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""", string extra = "", string root = "")
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        var kind = new CustomKind($"{id}.example.com", $"w{id}s", $"W{id}");
        var body = $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{kind.Plural}}.{{kind.Group}}"},
             "spec":{"group":"{{kind.Group}}","scope":"Namespaced","names":{"plural":"{{kind.Plural}}","kind":"{{kind.Kind}}"},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas"} },{{extra}}
               "schema":{"openAPIV3Schema":{"type":"object",{{root}}"properties":{"spec":{{spec}},"status":{{status}} } } } }] } }
            """;
        await InstallAsync(body, kind.Path("default"));
        return kind;
    }

    /// <summary>Creates a definition and waits until it is served; a cluster takes a moment between the two.</summary>
    public async Task<Answer> InstallAsync(string body, string collection, string type = "application/json")
    {
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        var made = await PostAsync(Definitions, body, type);
        // Tests may share a definition of others; who comes first installs it.
        if (made.Code == HttpStatusCode.Conflict) Assert.Equal("AlreadyExists", made.Text("reason"));
        else made.Expect(HttpStatusCode.Created);
        if (_file is null) return made;
        if (made.Code == HttpStatusCode.Created) _made.Add($"{Definitions}/{made.Text("metadata.name")}");
        await EventuallyAsync(async () => (await GetAsync(collection)).Code == HttpStatusCode.OK, $"{collection} is served");
        return made;
    }

    /// <summary>Waits until roles, bindings, definitions and admission configurations that were just written are heeded: at once here, within a moment in a cluster.</summary>
    public Task SettleAsync() => _file is null ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Asks again and again, for what a cluster's controllers bring about in their own time.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (await condition()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"not within 20 seconds: {what}");
    }
}

/// <summary>A resource that a test defined.</summary>
public sealed record CustomKind(string Group, string Plural, string Kind)
{
    public string ApiVersion => Group + "/v1";

    public string Path(string @namespace, string? name = null) => $"/apis/{Group}/v1/namespaces/{@namespace}/{Plural}{(name is null ? "" : "/" + name)}";

    public string Json(string name, string spec, string rest = "") =>
        $$"""{"apiVersion":"{{ApiVersion}}","kind":"{{Kind}}","metadata":{"name":"{{name}}"},"spec":{{spec}}{{rest}} }""";
}

/// <summary>An answer of the server.</summary>
public sealed record Answer(HttpStatusCode Code, string Body, IReadOnlyList<string> Warnings, string ContentType)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Message => Text("message");

    public Answer Expect(HttpStatusCode code)
    {
        Assert.True(code == Code, $"expected {code}, got {Code}: {Body[..Math.Min(Body.Length, 2000)]}");
        return this;
    }

    public string? Text(string path) => At(path)?.ToString();

    public JsonNode? At(string path)
    {
        JsonNode? node = Json;
        foreach (var part in path.Split('.'))
            node = int.TryParse(part, out var index) ? node is JsonArray list && index < list.Count ? list[index] : null : node?[part];
        return node;
    }

    /// <summary>Checks a part of the answer against JSON, whatever the order of members.</summary>
    public void ExpectJson(string path, string expected)
    {
        var actual = At(path);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {path} to be {expected}, not {actual?.ToJsonString()}");
    }

    /// <summary>Checks that the answer is a failure in the shape that clients know.</summary>
    public void ExpectStatus(int code, string? reason)
    {
        Assert.True((int)Code == code, $"expected {code}, got {Code}: {Body[..Math.Min(Body.Length, 2000)]}");
        Assert.Equal("Status", Text("kind"));
        Assert.Equal(reason, Text("reason"));
        Assert.Equal(code.ToString(), Text("code"));
    }
}
