using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Simulation.Scheduling;

namespace Slipway.Simulation;

/// <summary>All that a simulated control plane looks at, kept at hand.</summary>
internal sealed class ClusterCache : IAsyncDisposable
{
    private readonly Dictionary<Resource<CachedObject>, Informer<CachedObject>> _informers = [];
    private readonly TimeProvider _time;

    public ClusterCache(KubeClient client, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        Resource<CachedObject>[] kinds =
        [
            Kinds.Nodes, Kinds.Pods, Kinds.Volumes, Kinds.Deployments, Kinds.StatefulSets, Kinds.DaemonSets, Kinds.Jobs, Kinds.LeaderWorkerSets, Kinds.Groups, Kinds.Claims,
            Kinds.ClaimTemplates, Kinds.Slices, Kinds.Classes,
        ];
        foreach (var kind in kinds) _informers[kind] = new(client, kind, time, loggers.CreateLogger<Informer<CachedObject>>());
    }

    /// <summary>The objects of a kind.</summary>
    public Informer<CachedObject> this[Resource<CachedObject> kind] => _informers[kind];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var informer in _informers.Values) informer.Start();
        foreach (var informer in _informers.Values) await informer.Synced.WaitAsync(cancellationToken);
    }

    /// <summary>What a decision of the scheduler is made from.</summary>
    public ClusterObjects Snapshot() => new()
    {
        Nodes = All(Kinds.Nodes),
        Pods = All(Kinds.Pods),
        Volumes = All(Kinds.Volumes),
        Groups = All(Kinds.Groups),
        Claims = All(Kinds.Claims),
        Slices = All(Kinds.Slices),
        Classes = All(Kinds.Classes),
    };

    /// <summary>Waits until what was written is seen, so that no decision is made without it.</summary>
    /// <returns>Whether it was seen in time.</returns>
    public async Task<bool> SeenAsync(Resource<CachedObject> kind, NamespacedName key, Func<CachedObject?, bool> seen, CancellationToken cancellationToken)
    {
        var informer = _informers[kind];
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(NamespacedName one)
        {
            if (one == key && seen(informer.Get(key))) changed.TrySetResult();
        }

        informer.Changed += Look;
        try
        {
            if (seen(informer.Get(key))) return true;
            await changed.Task.WaitAsync(TimeSpan.FromSeconds(10), _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            informer.Changed -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var informer in _informers.Values) await informer.DisposeAsync();
    }

    private ImmutableArray<JsonElement> All(Resource<CachedObject> kind) => [.. _informers[kind].Objects.Values.Select(static o => o.Json)];
}
