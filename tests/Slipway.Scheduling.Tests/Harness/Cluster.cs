using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Simulation;
using Slipway.Simulation.Cluster;
using Slipway.Testing;

namespace Slipway.Scheduling.Tests.Harness;

/// <summary>
/// The cluster under test: the embedded API with the simulated scheduler and controllers, or that of <c>SLIPWAY_SCHEDULING_KUBECONFIG</c> with its own
/// kube-scheduler and kube-controller-manager. No node of it is touched: each test brings nodes that are objects only.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private EmbeddedApiServer? _server;
    private KubeConnection? _connection;
    private SimulatedControlPlane? _plane;
    private string? _groups;

    /// <summary>The kubeconfig of a real cluster; null for the embedded one.</summary>
    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable("SLIPWAY_SCHEDULING_KUBECONFIG") is { Length: > 0 } path ? path : null;

    public static bool IsReal => Kubeconfig is not null;

    internal Api Api { get; private set; } = null!;

    internal KubeConnection Connection => _connection!;

    /// <summary>Whether the cluster serves PodGroups, and keeps the field by which pods name theirs.</summary>
    public bool HasGroups => _groups is not null;

    /// <summary>Whether it keeps a PodGroup's <c>resourceClaims</c>.</summary>
    public bool HasGroupClaims { get; private set; }

    /// <summary>Whether it keeps a PodGroup's <c>schedulingConstraints</c>.</summary>
    public bool HasTopology { get; private set; }

    /// <summary>The API version of PodGroups; skips the test where the cluster has none.</summary>
    public string Groups => _groups ?? Skipped("the cluster keeps no spec.schedulingGroup: turn on the feature gate GenericWorkload and a version of scheduling.k8s.io with PodGroups");

    public async ValueTask InitializeAsync()
    {
        if (Kubeconfig is not null)
        {
            _connection = KubeConnection.FromKubeconfig(Kubeconfig);
        }
        else
        {
            _server = await EmbeddedApiServer.StartAsync(new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"] }, NullLoggerFactory.Instance, CancellationToken.None);
            _connection = KubeConnection.WithCertificate(_server.Address, _server.CertificateAuthority, _server.AdminCertificate);
            // With the definitions that its controllers watch; its node is none of a test's.
            var (plan, _) = SimulationFile.Read(JsonNode.Parse("""{"nodes":[{"name":"other","count":1}]}"""));
            await new ClusterPublisher(new KubeClient(_connection), TimeProvider.System).PublishAsync(plan!, CancellationToken.None);
            _plane = new(new KubeClient(_connection), TimeSpan.Zero, TimeProvider.System, NullLoggerFactory.Instance);
            await _plane.StartAsync(CancellationToken.None);
        }

        Api = new(_connection.Http);
        await ProbeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null) await _plane.DisposeAsync();
        _connection?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Begins a test.</summary>
    /// <param name="labels">Labels of its namespace, in YAML.</param>
    internal Task<Scene> SceneAsync(string labels = "{}") => Scene.CreateAsync(this, labels);

    /// <summary>Skips the test where gangs have no claims of their own.</summary>
    public void NeedGroupClaims()
    {
        if (Groups.Length > 0 && !HasGroupClaims) Skipped("the cluster drops a PodGroup's resourceClaims: turn on the feature gate DRAWorkloadResourceClaims");
    }

    /// <summary>Skips the test where gangs have no topology.</summary>
    public void NeedTopology()
    {
        if (Groups.Length > 0 && !HasTopology) Skipped("the cluster drops a PodGroup's schedulingConstraints: turn on the feature gate TopologyAwareWorkloadScheduling");
    }

    /// <summary>Skips what the simulated scheduler does not claim to do (docs/simulation.md).</summary>
    public static void NeedReal(string what)
    {
        if (!IsReal) Skipped($"the simulation does not claim it: {what}");
    }

    /// <summary>Skips a test that the cluster at hand cannot carry out; docs/accelerators-scenarios.md says which they are, and where each was seen.</summary>
    public static string Skipped(string why)
    {
        Assert.Skip(why);
        return why;
    }

    // A server drops a field whose feature gate is off without a word, so that only reading it back tells.
    private async Task ProbeAsync()
    {
        foreach (var version in new[] { "v1beta1", "v1alpha3", "v1alpha2" })
        {
            if (await Api.TryGetAsync($"/apis/scheduling.k8s.io/{version}") is not { } found || !found["resources"]!.AsArray().Any(static r => (string?)r!["name"] == "podgroups")) continue;
            var pod = await DryRunAsync("/api/v1/namespaces/default/pods", "{apiVersion: v1, kind: Pod, metadata: {name: probe}, spec: {schedulingGroup: {podGroupName: g}, containers: [{name: c, image: x}]}}");
            if (pod["spec"]!["schedulingGroup"] is null) return;
            _groups = $"scheduling.k8s.io/{version}";
            var group = await DryRunAsync(
                $"/apis/{_groups}/namespaces/default/podgroups",
                $"{{apiVersion: {_groups}, kind: PodGroup, metadata: {{name: probe}}, spec: {{schedulingPolicy: {{gang: {{minCount: 1}}}}, schedulingConstraints: {{topology: [{{key: rack}}]}}, resourceClaims: [{{name: c, resourceClaimName: c}}]}}}}");
            (HasGroupClaims, HasTopology) = (group["spec"]!["resourceClaims"] is not null, group["spec"]!["schedulingConstraints"] is not null);
            return;
        }
    }

    private Task<JsonObject> DryRunAsync(string path, string yaml) => Api.SendAsync(HttpMethod.Post, $"{path}?dryRun=All", Yaml.Parse(yaml)[0]);
}
