using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Runtimes.Tests.Harness;
using Slipway.Testing;

[assembly: AssemblyFixture(typeof(UpstreamCluster))]

namespace Slipway.Runtimes.Tests.Harness;

/// <summary>An embedded Kubernetes API with the upstream definitions in it, which rendered objects are held against.</summary>
public sealed class UpstreamCluster : IAsyncLifetime
{
    private static readonly string[] s_projects = ["kaito", "dynamo", "kuberay", "lws", "gateway-api", "gateway-api-inference-extension", "keda", "prometheus-operator"];

    private readonly SemaphoreSlim _once = new(1);
    private readonly TempDirectory _folder = new();
    private EmbeddedApiServer? _server;
    private HttpClient? _http;

    /// <summary>What the cluster serves: the newest version of every kind that the runtimes render to.</summary>
    public static ClusterApis Apis { get; } = new(new Dictionary<string, string[]>
    {
        ["workspaces.kaito.sh"] = ["v1alpha1", "v1beta1"],
        ["inferencesets.kaito.sh"] = ["v1alpha1", "v1beta1"],
        ["dynamographdeployments.nvidia.com"] = ["v1alpha1", "v1beta1"],
        ["dynamomodels.nvidia.com"] = ["v1alpha1"],
        ["rayservices.ray.io"] = ["v1", "v1alpha1"],
        ["leaderworkersets.leaderworkerset.x-k8s.io"] = ["v1"],
        ["inferencepools.inference.networking.k8s.io"] = ["v1"],
        ["httproutes.gateway.networking.k8s.io"] = ["v1"],
        ["scaledobjects.keda.sh"] = ["v1alpha1"],
        ["resourceclaimtemplates.resource.k8s.io"] = ["v1"],
        ["podmonitors.monitoring.coreos.com"] = ["v1"],
    }.ToImmutableDictionary(p => p.Key, p => p.Value.ToImmutableArray()));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Asserts that a cluster takes objects: a strict server-side apply, as the reconciler sends them, without keeping anything but Workloads.</summary>
    public async Task TakesAsync(IEnumerable<JsonObject> objects)
    {
        await StartAsync();
        foreach (var value in objects)
        {
            var metadata = value["metadata"]!;
            var path = $"{Root((string)value["apiVersion"]!)}/namespaces/{metadata["namespace"]}/{await PluralAsync(value)}/{metadata["name"]}"
                + "?fieldManager=slipway&force=true&fieldValidation=Strict" + (Stays(value) ? "" : "&dryRun=All");
            using var content = new StringContent(value.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/apply-patch+yaml"));
            using var response = await _http!.PatchAsync(path, content);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, $"{value["kind"]} {metadata["name"]}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        _once.Dispose();
    }

    // Started by the first test that needs it: most tests of this project do not.
    private async Task StartAsync()
    {
        await _once.WaitAsync();
        try
        {
            if (_http is not null) return;
            _server = await EmbeddedApiServer.StartAsync(
                new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"] }, NullLoggerFactory.Instance, CancellationToken.None);
            var handler = new SocketsHttpHandler();
            handler.SslOptions.ClientCertificates = [_server.AdminCertificate];
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _server.CertificateAuthority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
            var http = new HttpClient(handler) { BaseAddress = _server.Address };
            foreach (var file in s_projects.SelectMany(p => Directory.GetFiles(Repository.Shared(Path.Combine("crds", p)), "*.yaml")).Order(StringComparer.Ordinal))
            {
                using var content = new StringContent(await File.ReadAllTextAsync(file), Encoding.UTF8, "application/yaml");
                using var response = await http.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", content);
                Assert.True(response.StatusCode is HttpStatusCode.Created, $"{file}: {await response.Content.ReadAsStringAsync()}");
            }

            _http = http;
        }
        finally
        {
            _once.Release();
        }
    }

    // A group is refused while its Workload is not there.
    private static bool Stays(JsonObject value) => (string?)value["kind"] == "Workload";

    private async Task<string> PluralAsync(JsonObject value)
    {
        var resources = JsonNode.Parse(await _http!.GetStringAsync(Root((string)value["apiVersion"]!)))!["resources"]!.AsArray();
        return (string)resources.First(r => (string?)r!["kind"] == (string?)value["kind"] && !((string)r["name"]!).Contains('/'))!["name"]!;
    }

    private static string Root(string apiVersion) => apiVersion.Contains('/') ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
}
