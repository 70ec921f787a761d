using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Workloads;

/// <summary>Plans a workload from what is there. Pure.</summary>
/// <param name="workload">The workload.</param>
/// <param name="pods">The pods that it owns, those that are being deleted too.</param>
/// <param name="nodes">The nodes.</param>
/// <param name="now">The time.</param>
internal delegate WorkloadPlan Planner(CachedObject workload, IReadOnlyList<CachedObject> pods, IReadOnlyCollection<CachedObject> nodes, DateTimeOffset now);

/// <summary>Keeps the pods of one kind of workloads as its planner says.</summary>
internal sealed class WorkloadController : IAsyncDisposable
{
    private const string Manager = "simulated-controllers";

    private readonly KubeClient _client;
    private readonly ClusterCache _cache;
    private readonly Resource<CachedObject> _kind;
    private readonly Planner _planner;
    private readonly TimeProvider _time;
    private readonly Controller _controller;

    public WorkloadController(KubeClient client, ClusterCache cache, Resource<CachedObject> kind, Planner planner, TimeProvider time, ILoggerFactory loggers)
    {
        (_client, _cache, _kind, _planner, _time) = (client, cache, kind, planner, time);
        _controller = new(kind.Plural, PassAsync, time, loggers.CreateLogger<Controller>());
        cache[kind].Changed += _controller.Enqueue;
        cache[Kinds.Pods].Changed += pod =>
        {
            // A pod that is gone says no more whose it was.
            foreach (var key in cache[kind].Objects.Keys.Where(k => k.Namespace == pod.Namespace)) _controller.Enqueue(key);
        };
        if (kind == Kinds.DaemonSets)
        {
            cache[Kinds.Nodes].Changed += _ =>
            {
                foreach (var key in cache[kind].Objects.Keys) _controller.Enqueue(key);
            };
        }
    }

    public void Start() => _controller.Start();

    public ValueTask DisposeAsync() => _controller.DisposeAsync();

    private async Task<ReconcileResult> PassAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_cache[_kind].Get(key) is not { IsDeleting: false } workload) return ReconcileResult.Done;
        ImmutableArray<CachedObject> pods = [.. _cache[Kinds.Pods].Objects.Values.Where(p => p.Identity.Key.Namespace == key.Namespace && Owns(workload, p)).OrderBy(static p => p.Identity.Key.Name, StringComparer.Ordinal)];
        var plan = _planner(workload, pods, [.. _cache[Kinds.Nodes].Objects.Values], _time.GetUtcNow());
        foreach (var volume in plan.Volumes) await CreateAsync(Kinds.Volumes, volume, cancellationToken);
        foreach (var pod in plan.Delete)
        {
            await _client.DeleteAsync(Kinds.Pods, pod.Identity.Key, cancellationToken, pod.Identity.Uid);
            await _cache.SeenAsync(Kinds.Pods, pod.Identity.Key, o => o is null || o.IsDeleting || o.Identity.Uid != pod.Identity.Uid, cancellationToken);
        }

        foreach (var pod in plan.Create)
        {
            if (await CreateAsync(Kinds.Pods, pod, cancellationToken) is { } made) await _cache.SeenAsync(Kinds.Pods, made, static o => o is not null, cancellationToken);
        }

        if (!Has(workload.Json, plan.Status)) await _client.MergePatchAsync(_kind, key, new JsonObject { ["status"] = plan.Status }, Manager, cancellationToken, "status");
        return new(plan.After);
    }

    // LeaderWorkerSets own their workers by way of the leader.
    private bool Owns(CachedObject workload, CachedObject pod) =>
        pod.IsOwnedBy(workload.Identity.Uid) || _kind == Kinds.LeaderWorkerSets && pod.Label(LeaderWorkerSets.UidLabel) == workload.Identity.Uid;

    private async Task<NamespacedName?> CreateAsync(Resource<CachedObject> kind, JsonObject value, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(value.ToJsonString());
            return (await _client.CreateAsync(kind, new CachedObject(document.RootElement.Clone()), cancellationToken)).Identity.Key;
        }
        catch (KubeApiException there) when (there.Code is HttpStatusCode.Conflict)
        {
            // One of that name is there, or still on its way out: its end is another look at the workload.
            return null;
        }
    }

    private static bool Has(JsonElement workload, JsonObject status)
    {
        var there = workload.TryGetProperty("status", out var given) ? JsonNode.Parse(given.GetRawText()) as JsonObject : null;
        return there is not null && status.All(f => f.Value is null ? there[f.Key] is null : JsonNode.DeepEquals(there[f.Key], f.Value));
    }
}
