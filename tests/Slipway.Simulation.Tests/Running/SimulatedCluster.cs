using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Simulation.Cluster;
using Slipway.Testing;

namespace Slipway.Simulation.Tests.Running;

/// <summary>The embedded API with twelve simulated nodes of eight H100 in two racks, and a control plane whose pods answer at once.</summary>
public sealed class SimulatedCluster : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _folder = new();
    private EmbeddedApiServer? _server;
    private KubeConnection? _connection;
    private SimulatedControlPlane? _plane;

    internal KubeClient Client => new(_connection!);

    public async ValueTask InitializeAsync()
    {
        _server = await EmbeddedApiServer.StartAsync(new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"] }, NullLoggerFactory.Instance, CancellationToken.None);
        _connection = KubeConnection.WithCertificate(_server.Address, _server.CertificateAuthority, _server.AdminCertificate);
        var (plan, faults) = SimulationFile.Read(JsonNode.Parse("""{"startup":0,"nodes":[{"name":"h100","accelerator":"h100","count":12,"racks":2}]}"""));
        Assert.Empty(faults);
        await new ClusterPublisher(Client, TimeProvider.System).PublishAsync(plan!, CancellationToken.None);
        _plane = new SimulatedControlPlane(Client, plan!.Startup, TimeProvider.System, NullLoggerFactory.Instance);
        await _plane.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null) await _plane.DisposeAsync();
        _connection?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Makes a namespace for one test.</summary>
    internal async Task<string> NamespaceAsync(string labels = "{}")
    {
        var name = $"t{Guid.NewGuid():n}"[..12];
        await ApplyAsync($"api/v1/namespaces/{name}", $$$$$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{{{{name}}}}}}","labels":{{{{{{labels}}}}}}}}""");
        return name;
    }

    internal Task ApplyAsync(string path, string json) => Client.ApplyRawAsync(path, System.Text.Encoding.UTF8.GetBytes(json), "test", CancellationToken.None);

    /// <summary>Waits until something holds of the objects of a kind.</summary>
    internal async Task<IReadOnlyList<JsonNode>> UntilAsync(Resource<CachedObject> kind, string ns, Func<IReadOnlyList<JsonNode>, bool> holds)
    {
        using var late = new CancellationTokenSource(s_patience);
        while (true)
        {
            IReadOnlyList<JsonNode> now = [.. (await Client.ListAsync(kind, ns, CancellationToken.None)).Select(static o => JsonNode.Parse(o.Json.GetRawText())!)];
            if (holds(now)) return now;
            if (late.IsCancellationRequested) Assert.Fail($"Waited {s_patience.TotalSeconds} s; now: {string.Join('\n', now.Select(static n => n.ToJsonString()))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}
