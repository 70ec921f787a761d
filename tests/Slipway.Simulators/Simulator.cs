using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;

namespace Slipway.Simulators;

/// <summary>Plays the status protocol of one operator on a real API: watches its kind, makes pods and Services, writes status.</summary>
public abstract class Simulator : IAsyncDisposable
{
    private const string Manager = "simulator";

    private readonly KubeClient _client;
    private readonly Resource<CachedObject> _kind;
    private readonly Informer<CachedObject> _informer;
    private readonly Controller _controller;
    private readonly ConcurrentDictionary<string, Stage> _stages;
    private readonly ConcurrentDictionary<string, string> _written = new();

    /// <param name="client">The API.</param>
    /// <param name="kind">The kind that the operator owns.</param>
    /// <param name="stages">How far it takes an object of a name; all the way when not said.</param>
    protected Simulator(KubeClient client, Resource<CachedObject> kind, ConcurrentDictionary<string, Stage> stages)
    {
        (_client, _kind, _stages) = (client, kind, stages);
        _informer = new Informer<CachedObject>(client, kind, TimeProvider.System, NullLogger<Informer<CachedObject>>.Instance);
        _controller = new Controller(kind.Plural, PassAsync, TimeProvider.System, NullLogger<Controller>.Instance);
        _informer.Changed += _controller.Enqueue;
    }

    /// <summary>The finalizer that the operator puts on its objects; none for Kubernetes' own controllers.</summary>
    protected virtual string? Finalizer => null;

    /// <summary>The address of a deployment's pods, where engines stand behind them; none otherwise.</summary>
    public Func<string, string>? Addresses { get; set; }

    /// <summary>Begins to play.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _informer.Start();
        await _informer.Synced.WaitAsync(cancellationToken);
        _controller.Start(workers: 4);
    }

    /// <summary>Looks at all objects of a name again, after their stage was changed.</summary>
    public void Again()
    {
        foreach (var key in _informer.Objects.Keys) _controller.Enqueue(key);
    }

    public async ValueTask DisposeAsync()
    {
        await _controller.DisposeAsync();
        await _informer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The status of an object at a stage, and what is made of it.</summary>
    protected abstract Outcome Play(JsonElement value, Stage stage);

    /// <summary>The pods of one role.</summary>
    /// <param name="Prefix">Names are PREFIX-0, PREFIX-1, ...</param>
    /// <param name="Count">How many.</param>
    /// <param name="Labels">Their labels.</param>
    protected sealed record PodGroup(string Prefix, int Count, JsonObject Labels);

    /// <summary>What an operator does with an object.</summary>
    /// <param name="Status">The status that it writes.</param>
    /// <param name="Pods">The pods that it makes.</param>
    /// <param name="Services">The Services that it makes, by name with the port.</param>
    protected sealed record Outcome(JsonObject Status, IReadOnlyList<PodGroup> Pods, IReadOnlyList<(string Name, int Port)> Services);

    /// <summary>A condition.</summary>
    protected static JsonObject Condition(string type, bool holds, string reason, string message = "") => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["reason"] = reason,
        ["message"] = message,
        ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
    };

    /// <summary>A number somewhere in an object.</summary>
    protected static int Number(JsonElement value, int otherwise, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return otherwise;
        }

        return value.GetInt32();
    }

    /// <summary>The labels of a pod template, as an object of its own.</summary>
    protected static JsonObject Labels(JsonElement template) =>
        template.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var labels)
            ? JsonNode.Parse(labels.GetRawText())!.AsObject() : [];

    protected static string Name(JsonElement value) => value.GetProperty("metadata").GetProperty("name").GetString()!;

    private async Task<ReconcileResult> PassAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_informer.Get(key) is not { } value)
        {
            _written.TryRemove(key.ToString(), out _);
            return ReconcileResult.Done;
        }

        var stage = StageOf(value);
        if (stage is Stage.OperatorGone) return ReconcileResult.Done;
        var finalizers = value.Json.GetProperty("metadata").TryGetProperty("finalizers", out var f) ? f.EnumerateArray().Select(x => x.GetString()!).ToList() : [];
        if (value.IsDeleting)
        {
            if (Finalizer is not null && finalizers.Remove(Finalizer)) await FinalizersAsync(key, finalizers, cancellationToken);
            return ReconcileResult.Done;
        }

        if (Finalizer is not null && !finalizers.Contains(Finalizer))
        {
            await FinalizersAsync(key, [.. finalizers, Finalizer], cancellationToken);
            return ReconcileResult.Done;
        }

        var outcome = Play(value.Json, stage);
        // An object that was deleted and made again between two looks is another one, without a status.
        var text = value.Identity.Uid + stage + outcome.Status.ToJsonString() + string.Join(',', outcome.Pods.Select(p => $"{p.Prefix}{p.Count}{p.Labels.ToJsonString()}"));
        if (_written.TryGetValue(key.ToString(), out var before) && before == text) return ReconcileResult.Done;
        foreach (var (name, port) in outcome.Services) await ServiceAsync(value, key.Namespace, name, port, cancellationToken);
        foreach (var group in outcome.Pods) await PodsAsync(value, key.Namespace, group, stage, cancellationToken);
        await _client.MergePatchAsync(_kind, key, new JsonObject { ["status"] = outcome.Status }, Manager, cancellationToken, "status");
        _written[key.ToString()] = text;
        return ReconcileResult.Done;
    }

    // By the deployment's label where there is one: the stage is set for a deployment, whatever its objects are called.
    private Stage StageOf(CachedObject value) =>
        _stages.TryGetValue(value.Label("airunway.ai/model-deployment") ?? value.Identity.Key.Name, out var stage) ? stage : Stage.Ready;

    private Task FinalizersAsync(NamespacedName key, IEnumerable<string> finalizers, CancellationToken cancellationToken) => _client.MergePatchAsync(
        _kind, key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers.Select(x => (JsonNode)x)]) } }, Manager, cancellationToken);

    private Task ServiceAsync(CachedObject owner, string ns, string name, int port, CancellationToken cancellationToken) => _client.ApplyAsync(
        ApiKinds.Services,
        new NamespacedName(ns, name),
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = Owned(owner, ns, name, []),
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = port, ["protocol"] = "TCP" }), ["selector"] = new JsonObject { ["app"] = name } },
        },
        Manager,
        cancellationToken);

    private async Task PodsAsync(CachedObject owner, string ns, PodGroup group, Stage stage, CancellationToken cancellationToken)
    {
        for (var i = 0; i < group.Count; i++)
        {
            var key = new NamespacedName(ns, $"{group.Prefix}-{i}");
            var pod = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["metadata"] = Owned(owner, ns, key.Name, group.Labels.DeepClone().AsObject()),
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "simulated" }) },
            };
            await _client.ApplyAsync(ApiKinds.Pods, key, pod, Manager, cancellationToken);
            var status = PodStatus(stage);
            if (Addresses is { } addresses && (string?)group.Labels["airunway.ai/model-deployment"] is { } deployment) status["podIP"] = addresses(deployment);
            await _client.MergePatchAsync(ApiKinds.Pods, key, new JsonObject { ["status"] = status }, Manager, cancellationToken, "status");
        }

        for (var i = group.Count; await _client.DeleteAsync(ApiKinds.Pods, new NamespacedName(ns, $"{group.Prefix}-{i}"), cancellationToken); i++)
        {
            // Scaled down: those beyond the count go.
        }
    }

    private JsonObject Owned(CachedObject owner, string ns, string name, JsonObject labels) => new()
    {
        ["name"] = name,
        ["namespace"] = ns,
        ["labels"] = labels,
        ["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = _kind.ApiVersion,
            ["kind"] = _kind.Kind,
            ["name"] = owner.Identity.Key.Name,
            ["uid"] = owner.Identity.Uid,
            ["controller"] = true,
        }),
    };

    /// <summary>The status of a pod at a stage.</summary>
    protected virtual JsonObject PodStatus(Stage stage)
    {
        var ready = stage is Stage.Ready;
        if (stage is Stage.Unschedulable)
        {
            return new JsonObject
            {
                ["phase"] = "Pending",
                ["conditions"] = new JsonArray(Condition("PodScheduled", false, "Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")),
            };
        }

        var container = new JsonObject { ["name"] = "main", ["image"] = "simulated", ["imageID"] = "", ["ready"] = ready, ["restartCount"] = stage is Stage.Crashing ? 5 : 0 };
        if (stage is Stage.Crashing)
        {
            container["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = "back-off 5m0s restarting failed container" } };
            container["lastState"] = new JsonObject
            {
                ["terminated"] = new JsonObject { ["exitCode"] = 1, ["reason"] = "Error", ["message"] = "torch.OutOfMemoryError: CUDA out of memory.", ["startedAt"] = "2026-01-01T00:00:00Z", ["finishedAt"] = "2026-01-01T00:00:10Z" },
            };
        }
        else
        {
            container["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-01-01T00:00:00Z" } };
        }

        return new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(Condition("PodScheduled", true, "Scheduled"), Condition("Ready", ready, ready ? "Ready" : "ContainersNotReady")),
            ["containerStatuses"] = new JsonArray(container),
        };
    }
}
