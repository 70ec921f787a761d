using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Store;
using Slipway.Operator;
using Slipway.Operator.Rollouts;
using Slipway.Runtimes;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Harness;

/// <summary>
/// A cluster with the upstream definitions and simulated operators: the embedded API, or the one that SLIPWAY_INTEGRATION_KUBECONFIG names,
/// which must have no such operators of its own. Tests start Slipway's controllers in it.
/// </summary>
public class BareCluster : IAsyncLifetime
{
    private static readonly string[] s_projects = ["kaito", "dynamo", "kuberay", "lws", "gateway-api", "gateway-api-inference-extension"];

    private readonly TempDirectory _folder = new();
    private readonly List<string> _namespaces = [];
    private EmbeddedApiServer? _server;
    private KubeConnection? _connection;
    private UpstreamOperators? _operators;

    /// <summary>A client with all rights.</summary>
    public KubeClient Client => new(_connection!);

    /// <summary>A kubeconfig with all rights.</summary>
    public string Kubeconfig => Environment.GetEnvironmentVariable("SLIPWAY_INTEGRATION_KUBECONFIG") is { Length: > 0 } given ? given : _folder["kubeconfig"];

    /// <summary>The simulated operators.</summary>
    public UpstreamOperators Operators => _operators!;

    /// <summary>The runtimes that Slipway drives here.</summary>
    public static IReadOnlyList<IRuntime> Runtimes { get; } = ClusterRuntimes.All();

    public virtual async ValueTask InitializeAsync()
    {
        _connection = await ConnectAsync();
        await SlipwayOperator.InstallKindsAsync(Client, CancellationToken.None);
        foreach (var file in s_projects.SelectMany(p => Directory.GetFiles(Repository.Shared(Path.Combine("crds", p)), "*.yaml"))) await InstallAsync(Yaml.Read(file).Single());
        await Wait.UntilAsync(async () => (await Client.ListAsync(Operator.Upstream.Definition.Resource, null, CancellationToken.None)).All(d => d.IsEstablished), "all definitions to be established");
        _operators = new UpstreamOperators(Client);
        await _operators.StartAsync(CancellationToken.None);
    }

    /// <summary>Starts Slipway's controllers.</summary>
    /// <param name="time">Their clock.</param>
    /// <param name="client">Their way to the API; the undisturbed one when absent.</param>
    /// <param name="hub">The hub that they ask how large models are; none by default.</param>
    /// <param name="rollouts">What rollouts need; none are carried out by default.</param>
    public async Task<SlipwayOperator> StartSlipwayAsync(TimeProvider time, KubeClient? client = null, Uri? hub = null, RolloutOptions? rollouts = null)
    {
        var options = hub is null ? null : new ModelStoreOptions { CacheDirectory = _folder["hub"], Endpoint = hub };
        var slipway = new SlipwayOperator(client ?? Client, Runtimes, null, null, "test", time, NullLoggerFactory.Instance, options, rollouts: rollouts);
        await slipway.StartAsync(CancellationToken.None);
        return slipway;
    }

    /// <summary>Makes a namespace for one test; it goes at the end.</summary>
    public async Task<string> NamespaceAsync()
    {
        var name = $"slipway-{Guid.NewGuid():n}"[..20];
        await Client.ApplyRawAsync($"api/v1/namespaces/{name}", Encoding.UTF8.GetBytes($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}"""), "test", CancellationToken.None);
        lock (_namespaces) _namespaces.Add(name);
        return name;
    }

    /// <summary>Installs a definition, or changes it.</summary>
    public Task InstallAsync(JsonNode definition) => Client.ApplyRawAsync(
        $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{definition["metadata"]!["name"]}", Encoding.UTF8.GetBytes(definition.ToJsonString()), "test", CancellationToken.None);

    public virtual async ValueTask DisposeAsync()
    {
        if (_connection is not null && _server is null) await CleanAsync();
        if (_operators is not null) await _operators.DisposeAsync();
        _connection?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    // A cluster that others use after this: a deployment left behind would be theirs to drive, and its namespace's end theirs to be refused in.
    private async Task CleanAsync()
    {
        await using (await StartSlipwayAsync(TimeProvider.System))
        {
            foreach (var ns in _namespaces)
            {
                foreach (var left in await Client.ListAsync(Kinds.ModelDeployments, ns, CancellationToken.None)) await Client.DeleteAsync(Kinds.ModelDeployments, new NamespacedName(ns, left.Metadata.Name!), CancellationToken.None);
            }

            foreach (var ns in _namespaces)
                await Wait.UntilAsync(async () => (await Client.ListAsync(Kinds.ModelDeployments, ns, CancellationToken.None)).Count == 0, $"the deployments in {ns} to be gone", patience: TimeSpan.FromMinutes(2));
        }

        foreach (var ns in _namespaces) await Client.DeleteAsync(Namespaces, new NamespacedName("", ns), CancellationToken.None);
    }

    private static Resource<CachedObject> Namespaces { get; } = ApiKinds.Kind("", "v1", "namespaces", "Namespace") with { Namespaced = false };

    /// <summary>A second way to the API, with a handler of the test's on it.</summary>
    public KubeConnection Connect(DelegatingHandler handler, TimeProvider time) => KubeConnection.FromKubeconfig(Kubeconfig, null, time, handler);

    private async Task<KubeConnection> ConnectAsync()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_INTEGRATION_KUBECONFIG") is { Length: > 0 } kubeconfig) return KubeConnection.FromKubeconfig(kubeconfig);
        _server = await EmbeddedApiServer.StartAsync(
            new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"] }, NullLoggerFactory.Instance, CancellationToken.None);
        return KubeConnection.WithCertificate(_server.Address, _server.CertificateAuthority, _server.AdminCertificate);
    }
}
