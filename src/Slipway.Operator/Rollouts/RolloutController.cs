using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Events;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Operator.Rollouts.Offline;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Sides;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts;

/// <summary>Carries rollouts out: looks, lets the planner decide, writes the decision down, and only then does what was decided.</summary>
internal sealed class RolloutController : IAsyncDisposable
{
    private const string Manager = "slipway-rollout";

    private readonly KubeClient _client;
    private readonly RolloutCaches _caches;
    private readonly RolloutOptions _options;
    private readonly IRolloutSides _sides;
    private readonly IRolloutTraffic _traffic;
    private readonly PreflightCheck? _preflight;
    private readonly AskMeters _meters = new();
    private readonly EventRecorder _events;
    private readonly TimeProvider _time;
    private readonly DecisionKeeper _keeper;
    private readonly Controller _controller;
    private readonly ConcurrentDictionary<(string Uid, int Step, string Gate), GateRun> _runs = new();
    private readonly StepRuns _steps;
    private readonly OfflineRuns _offline;

    private readonly ConcurrentDictionary<NamespacedName, ((string?, string?, long?, string?, int) Versions, (GateSetup?, string?) Made)> _setups = new();

    // The candidate's answers that were timed and are written down already.
    private readonly ConcurrentDictionary<(string Uid, LatencyMeasure Measure, double Limit), SlowAnswers> _timed = new();

    // The candidate's requests that are written down already, of those that this process has seen.
    private readonly ConcurrentDictionary<string, SeenTraffic> _counted = new(StringComparer.Ordinal);

    public RolloutController(KubeClient client, RolloutCaches caches, RolloutOptions options, IRolloutSides sides, IRolloutTraffic traffic, EventRecorder events, TimeProvider time, ILoggerFactory loggers, PreflightCheck? preflight = null)
    {
        _preflight = preflight;
        (_client, _caches, _options, _sides, _traffic, _events, _time) = (client, caches, options, sides, traffic, events, time);
        _keeper = new DecisionKeeper(client, options, events, time);
        _controller = new Controller("modelrollouts", ReconcileAsync, time, loggers.CreateLogger<Controller>());
        _offline = new OfflineRuns(options.EvidenceFolder, _controller.Enqueue, time);
        _steps = new StepRuns(caches, options, sides, traffic, _meters, _controller.Enqueue, time);
        caches.Rollouts.Changed += _controller.Enqueue;
        caches.Deployments.Changed += OnDeployment;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_caches.Rollouts.Synced.WaitAsync(cancellationToken), _caches.Gates.Synced.WaitAsync(cancellationToken), _caches.Suites.Synced.WaitAsync(cancellationToken));
        foreach (var key in _caches.Rollouts.Objects.Keys) _controller.Enqueue(key);
        _controller.Start();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _caches.Rollouts.Changed -= _controller.Enqueue;
        _caches.Deployments.Changed -= OnDeployment;
        await _controller.DisposeAsync();
        foreach (var run in _runs.Values) await run.DisposeAsync();
        await _steps.DisposeAsync();
        await _offline.DisposeAsync();
    }

    // A candidate that comes up, and a deployment that changes, concern whoever rolls it out.
    private void OnDeployment(NamespacedName key)
    {
        foreach (var (rollout, value) in _caches.Rollouts.Objects)
        {
            if (rollout.Namespace == key.Namespace && (value.Spec.DeploymentRef.Name == key.Name || value.Status?.CandidateName == key.Name || value.Status?.Capacity?.ControlName == key.Name)) _controller.Enqueue(rollout);
        }
    }

    private async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_caches.Rollouts.Get(key) is not { } rollout) return ReconcileResult.Done;
        var meter = _meters.Of(rollout.Metadata.Uid);
        if (rollout.Metadata.DeletionTimestamp is null && rollout.Metadata.Finalizers?.Contains(ModelRollout.Finalizer) != true)
        {
            await _client.SetFinalizersAsync(Kinds.ModelRollouts, key, rollout.Metadata.ResourceVersion, [.. rollout.Metadata.Finalizers ?? [], ModelRollout.Finalizer], Manager, cancellationToken);
            return ReconcileResult.Done;
        }

        await LookAsync(key, rollout, cancellationToken);
        var (seen, its) = (Traffic(key, rollout.Status?.CandidateName), Traffic(key, rollout.Status?.Capacity?.ControlName));
        var timed = Timed(key, rollout);
        var asked = meter.Now;
        var copies = _steps.Copies(rollout, rollout.Status);
        var view = View(key, rollout, seen, its, timed) with { Asked = asked.Since(meter.Written), Room = await RoomAsync(key, rollout, cancellationToken), Sessions = await SessionsAsync(key, rollout, cancellationToken), Steps = _steps.View(rollout, copies), Gathered = _offline.State(rollout) };
        var plan = RolloutPlanner.Plan(view);
        // First the decision, then what was decided; a write that is refused leaves everything to the next pass.
        await WriteAsync(rollout, key, plan.Status, cancellationToken);
        meter.Written = asked;
        var unkept = await _keeper.KeepAsync(rollout with { Status = plan.Status }, cancellationToken);
        _counted[$"{rollout.Metadata.Uid}/{rollout.Status?.CandidateName}"] = seen;
        _counted[$"{rollout.Metadata.Uid}/{rollout.Status?.Capacity?.ControlName}"] = its;
        Note(key, rollout, timed, plan.Status);
        _steps.Note(rollout, copies, plan.Status);
        await AskAsync(rollout, key, plan);
        await _steps.AskAsync(rollout, key, plan);
        await _offline.AskAsync(rollout, key, plan.Gather, g => new MeteredChat(_sides.Chat(view.Stable!, view.Stable!, TimeSpan.FromSeconds(g.Spec.TimeoutSeconds ?? 120)), meter));
        if (plan.Create is { } candidate && _caches.Deployments.Get(Key(candidate.Metadata)) is null) await MakeAsync(candidate, cancellationToken);
        if (plan.Scale is { } replicas) await ScaleAsync(new NamespacedName(key.Namespace, plan.Status.CandidateName!), replicas, cancellationToken);
        if (plan.HandOver) await HandOverAsync(view.Stable!, plan.Status, CapacityPlanner.InPlace(view, plan.Status), cancellationToken);
        if (plan.DeleteControl) await _client.DeleteAsync(Kinds.ModelDeployments, new NamespacedName(key.Namespace, plan.Status.Capacity!.ControlName!), cancellationToken);
        if (plan.Delete) await _client.DeleteAsync(Kinds.ModelDeployments, new NamespacedName(key.Namespace, plan.Status.CandidateName!), cancellationToken);
        if (plan.Finished && rollout.Metadata.DeletionTimestamp is not null && rollout.Metadata.Finalizers?.Contains(ModelRollout.Finalizer) == true)
        {
            // The status was written under the same version a moment ago.
            var fresh = await _client.GetAsync(Kinds.ModelRollouts, key, cancellationToken) ?? rollout;
            await _client.SetFinalizersAsync(Kinds.ModelRollouts, key, fresh.Metadata.ResourceVersion, (fresh.Metadata.Finalizers ?? []).Where(static f => f != ModelRollout.Finalizer), Manager, cancellationToken);
        }

        return new ReconcileResult(plan.After ?? unkept);
    }

    // Before anything is made; what is there already has found its place.
    private async Task<Room?> RoomAsync(NamespacedName key, ModelRollout rollout, CancellationToken cancellationToken)
    {
        if (_preflight is null || rollout.Status?.Phase is not (null or RolloutPhase.Pending) || rollout.Metadata.DeletionTimestamp is not null || rollout.Spec.Abort == true) return null;
        return _caches.Deployments.Get(new NamespacedName(key.Namespace, rollout.Spec.DeploymentRef.Name)) is { Status.Phase: DeploymentPhase.Running } stable && CandidateMaker.Make(rollout, stable).Candidate is { } candidate
            ? await _preflight.LookAsync(rollout, stable, candidate, cancellationToken) : null;
    }

    // Said once, when traffic begins to be divided otherwise.
    private async Task<string?> SessionsAsync(NamespacedName key, ModelRollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Status is not { CandidateName: { } name } status || rollout.Spec.Steps.ElementAtOrDefault(status.Step ?? 0)?.Canary is not { Weight: < 100 } canary || canary.Weight == status.CandidateWeight) return null;
        return _caches.Deployments.Get(new NamespacedName(key.Namespace, rollout.Spec.DeploymentRef.Name)) is { } stable && _caches.Deployments.Get(new NamespacedName(key.Namespace, name)) is { } candidate
            ? await _sides.SessionsAsync(stable, candidate, cancellationToken) : null;
    }

    private RolloutView View(NamespacedName key, ModelRollout rollout, SeenTraffic seen, SeenTraffic its, SlowAnswers[] timed)
    {
        NamespacedName Beside(string name) => new(key.Namespace, name);
        var tests = RolloutSteps.Tests(rollout.Spec);
        var control = rollout.Status?.Capacity?.ControlName is { } named ? Beside(named) : null as NamespacedName?;
        var measured = control ?? Beside(rollout.Spec.DeploymentRef.Name);
        return new RolloutView(
            rollout,
            _caches.Deployments.Get(Beside(rollout.Spec.DeploymentRef.Name)),
            rollout.Status?.CandidateName is { } candidate ? _caches.Deployments.Get(Beside(candidate)) : null,
            [.. _caches.Rollouts.Objects.Values.Where(r => r.Metadata.Namespace == key.Namespace && r.Metadata.Uid != rollout.Metadata.Uid && r.Spec.DeploymentRef.Name == rollout.Spec.DeploymentRef.Name)],
            name => Setup(Beside(name), tests, rollout),
            _runs.Where(r => r.Key.Uid == rollout.Metadata.Uid && r.Key.Step == (rollout.Status?.Step ?? 0)).ToDictionary(static r => r.Key.Gate, static r => new GateRunState(r.Value.Status, r.Value.Broken), StringComparer.Ordinal),
            Since(rollout, rollout.Status?.CandidateName, seen),
            [.. timed.Zip(rollout.Status?.Traffic?.Latency ?? [], (now, limit) => _timed.TryGetValue(Limit(rollout, limit), out var then) ? new SlowAnswers(now.Requests - then.Requests, now.Slower - then.Slower) : new SlowAnswers(0, 0))],
            (measure, quantile) => _traffic.Usual(measured, measure, quantile),
            (measure, seconds) => _traffic.Countable(measured, measure, seconds),
            stable => _sides.Obstacle(stable, rollout.Spec),
            _time.GetUtcNow())
        {
            Control = control is { } there ? _caches.Deployments.Get(there) : null,
            UsualBySize = (measure, quantile) => _traffic.UsualBySize(measured, measure, quantile),
            ControlInFlight = its.InFlight,
            ControlTraffic = Since(rollout, control?.Name, its),
        };
    }

    // What nobody asks for is not looked at: engines are asked one by one.
    private Task LookAsync(NamespacedName key, ModelRollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Status is { Phase: RolloutPhase.Promoting, Capacity.ControlName: { } leaving }) return _traffic.LookAsync([new NamespacedName(key.Namespace, leaving)], cancellationToken);
        if (rollout.Status is not { CandidateName: { } candidate, Step: var step, Phase: RolloutPhase.Progressing or RolloutPhase.Paused or RolloutPhase.RollingBack } status) return Task.CompletedTask;
        var canary = rollout.Spec.Steps.ElementAtOrDefault(step ?? 0)?.Canary;
        if (canary is null && status.Phase is not RolloutPhase.RollingBack) return Task.CompletedTask;
        var begins = canary is not null && status.CandidateWeight != canary.Weight && (rollout.Spec.Latency is { Count: > 0 } || rollout.Spec.Cost is not null);
        var mine = new NamespacedName(key.Namespace, candidate);
        if (status.Capacity?.ControlName is { } control) return _traffic.LookAsync([mine, mine with { Name = control }], cancellationToken);
        return _traffic.LookAsync(begins ? [mine, new NamespacedName(key.Namespace, rollout.Spec.DeploymentRef.Name)] : [mine], cancellationToken);
    }

    // To read a suite of thousands of prompts every second would be most of a rollout's work.
    private (GateSetup? Setup, string? Problem) Setup(NamespacedName key, int tests, ModelRollout rollout)
    {
        var gate = _caches.Gates.Get(key);
        var suite = gate is null ? null : _caches.Suite(new NamespacedName(key.Namespace, gate.Spec.SuiteRef.Name));
        var judge = gate?.Spec.Judge is { } wish ? _caches.Deployments.Get(key with { Name = wish.DeploymentRef.Name }) : null;
        var embedder = gate?.Spec.Embeddings is { } embeds ? _caches.Deployments.Get(key with { Name = embeds.DeploymentRef.Name }) : null;
        var versions = (gate?.Metadata.ResourceVersion, suite?.Metadata.Uid, suite?.Metadata.Generation, $"{Version(judge)}/{Version(embedder)}/{rollout.Metadata.Uid}/{(gate is null ? "" : _caches.Texts.Version(_caches.Suites.Get(new NamespacedName(key.Namespace, gate.Spec.SuiteRef.Name))))}", tests);
        if (_setups.TryGetValue(key, out var known) && known.Versions == versions) return known.Made;
        var patience = TimeSpan.FromSeconds(gate?.Spec.TimeoutSeconds ?? 120);
        var made = GateSetup.Of(key.Name, gate, suite, tests, Bound);
        _setups[key] = (versions, made);
        return made;

        (Evaluation.Suites.EvaluationSuite? Suite, string? Problem) Bound(Evaluation.Suites.EvaluationSuite read)
        {
            var (embedded, problem) = GateEmbeddings.Bind(read, gate!.Spec.Embeddings, $"QualityGate {key.Name}", embedder, e => _sides.Embeddings(e, patience));
            return embedded is null ? (null, problem) : GateJudge.Bind(embedded, gate.Spec.Judge, $"QualityGate {key.Name}", judge, JudgedModels.Of(_caches, rollout), j => new MeteredChat(_sides.Chat(j, j, patience), _meters.Of(rollout.Metadata.Uid)).Patient(_time));
        }

        static string Version(ModelDeployment? deployment) => $"{deployment?.Metadata.Uid}/{deployment?.Metadata.Generation}/{deployment?.Status?.Endpoint?.Service}";
    }

    private SeenTraffic Traffic(NamespacedName key, string? name) => name is null ? new SeenTraffic(0, 0, 0) : _traffic.Seen(new NamespacedName(key.Namespace, name));

    private SeenTraffic Since(ModelRollout rollout, string? name, SeenTraffic seen)
    {
        var before = _counted.GetValueOrDefault($"{rollout.Metadata.Uid}/{name}") ?? new SeenTraffic(0, 0, 0);
        return seen with { Requests = Math.Max(0, seen.Requests - before.Requests), Failures = Math.Max(0, seen.Failures - before.Failures) };
    }

    private SlowAnswers[] Timed(NamespacedName key, ModelRollout rollout) => rollout.Status is { CandidateName: { } name, Traffic.Latency: { } limits }
        ? [.. limits.Select(l => _traffic.Slower(new NamespacedName(key.Namespace, name), l))]
        : [];

    // What is written down; and of a step that begins with this pass, what was before it.
    private void Note(NamespacedName key, ModelRollout rollout, SlowAnswers[] timed, ModelRolloutStatus next)
    {
        if (next.CandidateName is not { } candidate) return;
        foreach (var limit in next.Traffic?.Latency ?? []) _timed[Limit(rollout, limit)] = _traffic.Slower(new NamespacedName(key.Namespace, candidate), limit);
        foreach (var (seen, limit) in timed.Zip(rollout.Status?.Traffic?.Latency ?? [])) _timed[Limit(rollout, limit)] = seen;
    }

    private static (string, LatencyMeasure, double) Limit(ModelRollout rollout, LatencyEvidence limit) => (rollout.Metadata.Uid ?? "", limit.Measure, limit.LimitSeconds);

    private async Task AskAsync(ModelRollout rollout, NamespacedName key, RolloutPlan plan)
    {
        var (uid, step) = (rollout.Metadata.Uid ?? "", plan.Status.Step ?? 0);
        var wanted = plan.Ask.Select(a => (uid, step, a.Setup.Name)).ToHashSet();
        foreach (var (id, run) in _runs.Where(r => r.Key.Uid == uid && !wanted.Contains(r.Key)))
        {
            if (_runs.TryRemove(id, out _)) await run.DisposeAsync();
        }

        foreach (var (setup, from) in plan.Ask)
        {
            var id = (uid, step, setup.Name);
            if (_runs.ContainsKey(id)) continue;
            ModelDeployment Beside(string name) => _caches.Deployments.Get(new NamespacedName(key.Namespace, name))!;
            var stable = Beside(rollout.Spec.DeploymentRef.Name);
            IChat Chat(ModelDeployment side) => new MeteredChat(_sides.Chat(stable, side, TimeSpan.FromSeconds(setup.Spec.TimeoutSeconds ?? 120)), _meters.Of(uid));
            var file = Evidence.File(_options.EvidenceFolder, key.Namespace, key.Name, setup.Name);
            var offline = OfflinePlanner.IsOffline(rollout.Spec.Capacity);
            _runs[id] = new GateRun(
                setup, from, offline ? _offline.Answers(rollout, key, setup) : (_, _) => Chat(stable), Chat(Beside(plan.Status.CandidateName!)),
                (unit, part, prompt, a, b) => Evidence.Add(file, uid, step, unit, part, prompt, a, b), () => _controller.Enqueue(key), _time);
        }
    }

    private async Task WriteAsync(ModelRollout rollout, NamespacedName key, ModelRolloutStatus status, CancellationToken cancellationToken)
    {
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.ModelRolloutStatus)!.AsObject();
        var current = JsonSerializer.SerializeToNode(rollout.Status, SlipwayJson.Default.ModelRolloutStatus) as JsonObject;
        if (!await _client.WriteStatusAsync(Kinds.ModelRollouts, key, rollout.Metadata.ResourceVersion, next, current, Manager, cancellationToken)) return;
        var news = (status.History ?? []).Where(h => !(rollout.Status?.History ?? []).Contains(h));
        foreach (var decision in news) await _events.RecordAsync(Reference(rollout), decision.What, decision.Why, decision.What is "Aborted" || decision.What.EndsWith("Failed", StringComparison.Ordinal) || decision.What.EndsWith("Undecided", StringComparison.Ordinal), cancellationToken);
    }

    private static ObjectReference Reference(ModelRollout rollout) =>
        new() { ApiVersion = ModelRollout.GroupVersion, Kind = "ModelRollout", Namespace = rollout.Metadata.Namespace, Name = rollout.Metadata.Name, Uid = rollout.Metadata.Uid };

    private async Task MakeAsync(ModelDeployment candidate, CancellationToken cancellationToken)
    {
        try
        {
            await _client.CreateAsync(Kinds.ModelDeployments, candidate, cancellationToken);
        }
        catch (KubeApiException made) when (made.Code is System.Net.HttpStatusCode.Conflict)
        {
            // By the pass before, whose cache had not heard of it.
        }
    }

    // The candidate gets the name first: while both have it the older one answers, and the weights send everything on. By the deployment that was decided on: in the cache it may have given its name away
    // since, by the pass before, and the name that it has now is nobody's.
    private async Task HandOverAsync(ModelDeployment stable, ModelRolloutStatus status, int? replicas, CancellationToken cancellationToken)
    {
        var ns = stable.Metadata.Namespace!;
        JsonObject Name(string? name) => new() { ["spec"] = new JsonObject { ["gateway"] = new JsonObject { ["modelName"] = name } } };
        var placed = Name(ServedModel.RoutedName(stable));
        if (replicas is { } all) placed["spec"]!["scaling"] = new JsonObject { ["replicas"] = all };
        await _client.MergePatchAsync(Kinds.ModelDeployments, new NamespacedName(ns, status.CandidateName!), placed, Manager, cancellationToken);
        var retired = Name($"{stable.Metadata.Name}-replaced");
        retired["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [ModelRollout.ReplacedByAnnotation] = status.CandidateName } };
        // What scales by load would scale up again.
        retired["spec"]!["scaling"] = new JsonObject { ["replicas"] = 0, ["autoscaling"] = null };
        await _client.MergePatchAsync(Kinds.ModelDeployments, Key(stable.Metadata), retired, Manager, cancellationToken);
    }

    private async Task ScaleAsync(NamespacedName candidate, int replicas, CancellationToken cancellationToken) => await _client.MergePatchAsync(
        Kinds.ModelDeployments, candidate, new JsonObject { ["spec"] = new JsonObject { ["scaling"] = new JsonObject { ["replicas"] = replicas } } }, Manager, cancellationToken);

    private static NamespacedName Key(ObjectMeta meta) => new(meta.Namespace ?? "", meta.Name ?? "");
}
