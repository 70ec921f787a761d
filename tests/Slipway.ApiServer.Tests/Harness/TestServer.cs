using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.ApiServer.Tests.Harness;

/// <summary>A server in a directory of its own, and an administrator's client for it.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("slipway-apiserver-").FullName;

    public string Kubeconfig => Path.Combine(Directory, "kubeconfig");

    public EmbeddedApiServer Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        Server = await EmbeddedApiServer.StartAsync(Options(), TestLog.Factory, TestContext.Current.CancellationToken);
        Client = NewClient(Server, Server.AdminCertificate);
    }

    public async Task StopAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public ApiServerOptions Options() => new() { DataDirectory = Path.Combine(Directory, "data"), KubeconfigPath = Kubeconfig, Time = Time };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static HttpClient NewClient(EmbeddedApiServer server, X509Certificate2? identity)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(server.CertificateAuthority);
        if (identity is not null) handler.SslOptions.ClientCertificates = [identity];
        return new HttpClient(handler) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
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
        return answer.Expect(HttpStatusCode.Created).Text("metadata.name")!;
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
        (await PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)).Expect(HttpStatusCode.Created);
        return kind;
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

    /// <summary>Checks that the answer is a failure in the shape that clients know.</summary>
    public void ExpectStatus(int code, string reason)
    {
        Assert.True((int)Code == code, $"expected {code}, got {Code}: {Body[..Math.Min(Body.Length, 2000)]}");
        Assert.Equal("Status", Text("kind"));
        Assert.Equal(reason, Text("reason"));
        Assert.Equal(code.ToString(), Text("code"));
    }
}
