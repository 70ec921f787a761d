using System.Collections.Concurrent;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>All simulated operators of a cluster.</summary>
public sealed class UpstreamOperators : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Stage> _stages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Stage> _storage = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Stage> _routes = new(StringComparer.Ordinal);
    private readonly Simulator[] _simulators;

    /// <param name="client">The API, with every definition in it.</param>
    public UpstreamOperators(KubeClient client) => _simulators =
    [
        new DeploymentSimulator(client, _stages),
        new LeaderWorkerSetSimulator(client, _stages),
        new WorkspaceSimulator(client, _stages),
        new InferenceSetSimulator(client, _stages),
        new DynamoSimulator(client, _stages),
        new RayServiceSimulator(client, _stages),
        new ClaimSimulator(client, _storage),
        new JobSimulator(client, _storage),
        new GatewaySimulator(client, _routes),
        new RouteSimulator(client, _routes),
    ];

    /// <summary>Puts engines behind the pods that are made from now on.</summary>
    /// <param name="fleet">The engines.</param>
    public void Serve(EngineFleet fleet)
    {
        foreach (var simulator in _simulators) simulator.Addresses = fleet.Address;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_simulators.Select(s => s.StartAsync(cancellationToken)));

    /// <summary>Takes the objects of a deployment to a stage, now and when they come.</summary>
    public void Take(string deployment, Stage stage)
    {
        _stages[deployment] = stage;
        foreach (var simulator in _simulators) simulator.Again();
    }

    /// <summary>Takes the claims and downloads of a deployment to a stage, now and when they come.</summary>
    public void TakeStorage(string deployment, Stage stage)
    {
        _storage[deployment] = stage;
        foreach (var simulator in _simulators) simulator.Again();
    }

    /// <summary>Takes a Gateway, or the route of a deployment, to a stage, now and when it comes.</summary>
    public void TakeRoute(string name, Stage stage)
    {
        _routes[name] = stage;
        foreach (var simulator in _simulators) simulator.Again();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var simulator in _simulators) await simulator.DisposeAsync();
    }
}
