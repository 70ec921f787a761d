using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Selection;
using Slipway.Runtimes.Pods;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;
using Slipway.Web.Manifests;

namespace Slipway.Up.Page;

/// <summary>The deployments of the API that `up` runs, from the caches of its controllers.</summary>
internal sealed class LiveDeployments : IDeployments, IDisposable
{
    private const string Manager = "slipway-page";

    private readonly KubeClient _client;
    private readonly SlipwayOperator _controllers;
    private readonly TimeProvider _time;

    public LiveDeployments(KubeClient client, SlipwayOperator controllers, TimeProvider time)
    {
        (_client, _controllers, _time) = (client, controllers, time);
        controllers.Deployments.Changed += OnChanged;
        controllers.Engines.Changed += OnChanged;
        controllers.ProviderConfigs.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<ModelDeployment> All =>
        [.. _controllers.Deployments.Objects.Values.OrderBy(static d => d.Metadata.Namespace, StringComparer.Ordinal).ThenBy(static d => d.Metadata.Name, StringComparer.Ordinal)];

    public IReadOnlyList<InferenceProviderConfig> Runtimes => [.. _controllers.ProviderConfigs.Objects.Values.OrderBy(static r => r.Metadata.Name, StringComparer.Ordinal)];

    public void Dispose()
    {
        _controllers.Deployments.Changed -= OnChanged;
        _controllers.Engines.Changed -= OnChanged;
        _controllers.ProviderConfigs.Changed -= OnChanged;
    }

    public ModelDeployment? Find(string space, string name) => _controllers.Deployments.Get(new NamespacedName(space, name));

    public LocalEngine? Engine(ModelDeployment deployment) =>
        _controllers.Engines.Get(Key(deployment)) is { } engine && engine.Metadata.OwnerReferences?.Any(o => o.Uid == deployment.Metadata.Uid) == true ? engine : null;

    public IReadOnlyList<ReplicaPlace> Places(ModelDeployment deployment) =>
        [.. _controllers.PodsOf(deployment).OrderBy(static p => p.Metadata.Name, StringComparer.Ordinal).Select(static p => new ReplicaPlace(p.Metadata.Name ?? "", p.Spec?.NodeName, State(p), Waits(p), p.Containers.Sum(static c => c.RestartCount)))];

    public async Task<IReadOnlyList<UpstreamObject>> UpstreamAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        [.. (await _controllers.RenderedAsync(Key(deployment), cancellationToken)).Select(static o => new UpstreamObject(
            (string)o.Wanted["kind"]!, (string)o.Wanted["metadata"]!["name"]!, YamlText.Write(o.Wanted) + "\n", o.IsThere, [.. o.Differences.Select(static d => new UpstreamDifference(d.Path, d.Wanted, d.Is))]))];

    public async Task<IReadOnlyList<KubernetesEvent>> EventsAsync(ModelDeployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            var events = await _client.ListAsync(
                Kinds.Events, deployment.Metadata.Namespace, cancellationToken, $"fieldSelector={Uri.EscapeDataString($"involvedObject.uid={deployment.Metadata.Uid}")}");
            return [.. events.OrderByDescending(static e => e.LastTimestamp)];
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException)
        {
            // Said where the events would stand: an empty list would look as if nothing had happened.
            return [new KubernetesEvent { Type = "Warning", Reason = "EventsNotRead", Message = $"The events cannot be read: {failure.Message}", LastTimestamp = _time.GetUtcNow() }];
        }
    }

    public RuntimePreview Preview(ModelDeployment deployment)
    {
        var choice = Selector.Choose(deployment, Runtimes, _time.GetUtcNow());
        return new RuntimePreview(choice.Engine, choice.EngineReason, choice.Provider, choice.ProviderReason);
    }

    public Task<string?> CreateAsync(ModelDeployment deployment, CancellationToken cancellationToken)
    {
        var meta = deployment.Metadata;
        var wanted = deployment with { Status = null, Metadata = meta with { Namespace = meta.Namespace ?? "default", ResourceVersion = null, Uid = null } };
        return TryAsync(() => _client.CreateAsync(Kinds.ModelDeployments, wanted, cancellationToken), Key(wanted));
    }

    public Task<string?> ReplaceAsync(ModelDeployment seen, ModelDeployment wanted, CancellationToken cancellationToken)
    {
        // Of the metadata, only what a manifest says; the version that was seen makes a change in between a conflict.
        var next = seen with { Spec = wanted.Spec, Status = null, Metadata = seen.Metadata with { Labels = wanted.Metadata.Labels, Annotations = Kept(seen, wanted) } };
        // The controllers write notes of their own in between; what counts is that nobody declared anything else.
        if (Find(seen.Metadata.Namespace!, seen.Metadata.Name!) is { } now && now.Metadata.Uid == seen.Metadata.Uid && now.Metadata.Generation == seen.Metadata.Generation)
            next = next with { Metadata = next.Metadata with { ResourceVersion = now.Metadata.ResourceVersion, Finalizers = now.Metadata.Finalizers } };
        return TryAsync(() => _client.ReplaceAsync(Kinds.ModelDeployments, next, cancellationToken), Key(seen));
    }

    public Task<string?> ScaleAsync(ModelDeployment deployment, int replicas, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["scaling"] = new JsonObject { ["replicas"] = replicas } } };
        return TryAsync(() => _client.MergePatchAsync(Kinds.ModelDeployments, Key(deployment), patch, Manager, cancellationToken), Key(deployment));
    }

    public Task<string?> RestartAsync(ModelDeployment deployment, CancellationToken cancellationToken) => MarkAsync(deployment, ModelDeployment.RestartedAtAnnotation, ModelDeployment.RestartTime(_time.GetUtcNow()), cancellationToken);

    public Task<string?> PauseAsync(ModelDeployment deployment, bool paused, CancellationToken cancellationToken) => MarkAsync(deployment, ModelDeployment.PausedAnnotation, paused ? "true" : null, cancellationToken);

    private Task<string?> MarkAsync(ModelDeployment deployment, string annotation, string? value, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } };
        return TryAsync(() => _client.MergePatchAsync(Kinds.ModelDeployments, Key(deployment), patch, Manager, cancellationToken), Key(deployment));
    }

    public Task<string?> DeleteAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        TryAsync(() => _client.DeleteAsync(Kinds.ModelDeployments, Key(deployment), cancellationToken), Key(deployment));

    private static string State(ModelPod pod) => pod.Metadata.DeletionTimestamp is not null ? "Going" : pod.IsReady ? "Ready" : pod.Spec?.NodeName is null ? "Waiting for a node" : pod.Status?.Phase ?? "Pending";

    private static string? Waits(ModelPod pod) => pod.IsReady ? null
        : pod.Status?.Conditions?.FirstOrDefault(static c => c is { Type: "PodScheduled", Status: "False" })?.Message
            ?? pod.Containers.Select(static c => c.State?.Waiting).FirstOrDefault(static w => w?.Message is not null)?.Message
            ?? pod.Containers.Select(static c => c.State?.Waiting?.Reason).FirstOrDefault(static r => r is not null)
            ?? pod.Status?.Message;

    private static async Task<string?> TryAsync<T>(Func<Task<T>> write, NamespacedName key)
    {
        try
        {
            await write();
            return null;
        }
        catch (KubeApiException refused)
        {
            return refused.Code switch
            {
                HttpStatusCode.Conflict when refused.Reason == "AlreadyExists" => $"There is a deployment {key} already. Give this one another name, or open that one to change it.",
                HttpStatusCode.Conflict => $"{key} was changed meanwhile. Nothing was sent: cancel, look at what it is now, and change it again.",
                _ => refused.Message,
            };
        }
        catch (HttpRequestException unreachable)
        {
            return $"The Kubernetes API does not answer: {unreachable.Message}. Try again when it does.";
        }
    }

    // Notes of Slipway's controllers are not shown for editing, so they must not be lost by it.
    private static SortedDictionary<string, string> Kept(ModelDeployment seen, ModelDeployment wanted)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in seen.Metadata.Annotations ?? new Dictionary<string, string>(StringComparer.Ordinal))
            if (key.StartsWith("slipway.dev/", StringComparison.Ordinal) || key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal)) kept[key] = value;
        foreach (var (key, value) in wanted.Metadata.Annotations ?? new Dictionary<string, string>(StringComparer.Ordinal)) kept[key] = value;
        return kept;
    }

    private static NamespacedName Key(ModelDeployment deployment) => new(deployment.Metadata.Namespace ?? "default", deployment.Metadata.Name ?? "");

    private void OnChanged(NamespacedName key) => Changed?.Invoke();
}
