using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Models.Store;
using Slipway.Operator.Events;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Sides;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Drift;

/// <summary>Asks schedules' suites when they are due, and writes down what was found. A run that ends in the middle is asked again from its beginning, and only whole runs count.</summary>
internal sealed class DriftController : IAsyncDisposable
{
    private const string Manager = "slipway-drift";

    // Times are written down in seconds.
    private static readonly TimeSpan s_grain = TimeSpan.FromSeconds(1);

    private readonly KubeClient _client;
    private readonly Informer<EvaluationSchedule> _schedules;
    private readonly RolloutCaches _caches;
    private readonly IRolloutSides _sides;
    private readonly string _evidence;
    private readonly EventRecorder _events;
    private readonly TimeProvider _time;
    private readonly Controller _controller;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Task> _runs = new(StringComparer.Ordinal);

    // When the last run began that is written down: a cache that has not heard of it would have it asked again.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    public DriftController(KubeClient client, Informer<EvaluationSchedule> schedules, RolloutCaches caches, IRolloutSides sides, string evidence, EventRecorder events, TimeProvider time, ILoggerFactory loggers)
    {
        (_client, _schedules, _caches, _sides, _evidence, _events, _time) = (client, schedules, caches, sides, evidence, events, time);
        _controller = new Controller("evaluationschedules", ReconcileAsync, time, loggers.CreateLogger<Controller>());
        schedules.Changed += _controller.Enqueue;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_schedules.Synced, _caches.Suites.Synced, _caches.Deployments.Synced).WaitAsync(cancellationToken);
        foreach (var key in _schedules.Objects.Keys) _controller.Enqueue(key);
        _controller.Start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _schedules.Changed -= _controller.Enqueue;
        await _controller.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAll(_runs.Values);
        _stop.Dispose();
    }

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_schedules.Get(key) is not { Metadata.DeletionTimestamp: null } schedule || _runs.ContainsKey(schedule.Metadata.Uid ?? "")) return ReconcileResult.Done;
        if (_written.TryGetValue(schedule.Metadata.Uid ?? "", out var written) && !(schedule.Status?.LastRun + s_grain > written)) return new ReconcileResult(s_grain);
        var name = schedule.Spec.SuiteRef.Name;
        var (suite, problem) = GateSetup.Usable(name, _caches.Suite(key with { Name = name }), "The schedule");
        var deployment = Serving(key.Namespace, schedule.Spec.DeploymentRef.Name);
        if (suite is { } read) (suite, problem) = Judged(key, schedule, read, deployment);
        var plan = DriftPlanner.Plan(schedule, deployment, suite, problem, _time.GetUtcNow());
        await WriteAsync(key, schedule, plan.Status, cancellationToken);
        // The status that was written brings this key here again, when the run is under way.
        if (plan.Ask is { } prompts) _runs[schedule.Metadata.Uid ?? ""] = Task.Run(() => RunAsync(key, schedule, deployment!, suite!, prompts), CancellationToken.None);
        return new ReconcileResult(plan.After);
    }

    private (Suite? Suite, string? Problem) Judged(NamespacedName key, EvaluationSchedule schedule, Suite suite, ModelDeployment? deployment)
    {
        var patience = TimeSpan.FromSeconds(schedule.Spec.TimeoutSeconds ?? 120);
        var embedder = schedule.Spec.Embeddings is { } embeds ? _caches.Deployments.Get(key with { Name = embeds.DeploymentRef.Name }) : null;
        var (bound, problem) = GateEmbeddings.Bind(suite, schedule.Spec.Embeddings, $"EvaluationSchedule {key.Name}", embedder, e => _sides.Embeddings(e, patience));
        if (bound is null) return (null, problem);
        var judge = schedule.Spec.Judge is { } wish ? _caches.Deployments.Get(key with { Name = wish.DeploymentRef.Name }) : null;
        return GateJudge.Bind(
            bound, schedule.Spec.Judge, $"EvaluationSchedule {key.Name}", judge, deployment?.Spec.Model.Id is { } id ? [id] : [], j => _sides.Chat(j, j, patience));
    }

    // Who has the place now of the deployment that the schedule names.
    private ModelDeployment? Serving(string ns, string name)
    {
        var found = _caches.Deployments.Get(new NamespacedName(ns, name));
        for (var hops = 0; hops < 10 && found?.Metadata.Annotations?.GetValueOrDefault(ModelRollout.ReplacedByAnnotation) is { } next; hops++) found = _caches.Deployments.Get(new NamespacedName(ns, next)) ?? found;
        return found;
    }

    private async Task RunAsync(NamespacedName key, EvaluationSchedule schedule, ModelDeployment deployment, Suite suite, ImmutableArray<Prompt> prompts)
    {
        var began = _time.GetUtcNow();
        try
        {
            var chat = _sides.Chat(deployment, deployment, TimeSpan.FromSeconds(schedule.Spec.TimeoutSeconds ?? 120));
            var runner = new PromptRunner(_time);
            var results = new List<PromptResult>();
            var asking = SuiteRun.InOrderAsync(prompts, (prompt, stop) => runner.RunAsync(chat, prompt, suite.Settings, stop), schedule.Spec.Concurrency ?? 2, _stop.Token);
            await foreach (var (_, result) in asking) results.Add(result);
            // What was said meanwhile, as that somebody accepts what is, counts; the cache may not have heard of what was written a moment ago.
            var now = await _client.GetAsync(Kinds.EvaluationSchedules, key, _stop.Token);
            if (now is not null && now.Metadata.Uid == schedule.Metadata.Uid) await FinishAsync(key, now, suite, prompts, results, deployment.Metadata.Generation, began);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failed) when (failed is SetupException or KubeApiException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await _events.RecordAsync(Reference(schedule), "RunFailed", $"The suite could not be asked, and is asked again in a minute: {failed.Message}", true, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMinutes(1), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _runs.TryRemove(schedule.Metadata.Uid ?? "", out _);
        }

        _controller.Enqueue(key);
    }

    private async Task FinishAsync(NamespacedName key, EvaluationSchedule schedule, Suite suite, ImmutableArray<Prompt> prompts, List<PromptResult> results, long? generation, DateTimeOffset began)
    {
        Keep(key, prompts, results);
        var next = DriftPlanner.After(schedule, suite, results, generation, began, _time.GetUtcNow());
        await WriteAsync(key, schedule, next, _stop.Token);
        _written[schedule.Metadata.Uid ?? ""] = began;
        static bool Alarm(EvaluationScheduleStatus? status) => status?.Conditions?.Any(static c => c is { Type: EvaluationSchedule.Drifted, Status: ConditionStatus.True }) == true;
        if (Alarm(next) && !Alarm(schedule.Status)) await _events.RecordAsync(Reference(schedule), "Drifted", next.Conditions!.First(static c => c.Type == EvaluationSchedule.Drifted).Message!, true, _stop.Token);
    }

    // The last run's answers alone, for people to read what is worse.
    private void Keep(NamespacedName key, ImmutableArray<Prompt> prompts, List<PromptResult> results) => WholeFile.WriteText(Path.Combine(_evidence, $"{key.Namespace}.{key.Name}.drift.jsonl"), writer =>
    {
        foreach (var (prompt, result) in prompts.Zip(results))
        {
            var line = ResultJson.Write(result).AsObject();
            line["question"] = prompt.Messages[^1].Content;
            writer.WriteLine(line.ToJsonString());
        }
    });

    private async Task WriteAsync(NamespacedName key, EvaluationSchedule schedule, EvaluationScheduleStatus status, CancellationToken cancellationToken)
    {
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.EvaluationScheduleStatus)!.AsObject();
        var current = JsonSerializer.SerializeToNode(schedule.Status, SlipwayJson.Default.EvaluationScheduleStatus) as JsonObject;
        await _client.WriteStatusAsync(Kinds.EvaluationSchedules, key, schedule.Metadata.ResourceVersion, next, current, Manager, cancellationToken);
    }

    private static ObjectReference Reference(EvaluationSchedule schedule) => new()
    {
        ApiVersion = EvaluationSchedule.GroupVersion,
        Kind = "EvaluationSchedule",
        Namespace = schedule.Metadata.Namespace,
        Name = schedule.Metadata.Name,
        Uid = schedule.Metadata.Uid,
    };
}
