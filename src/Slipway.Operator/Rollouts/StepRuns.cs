using System.Collections.Concurrent;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Parity;
using Slipway.Operator.Rollouts.Shadowing;
using Slipway.Operator.Rollouts.Sides;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts;

/// <summary>What goes on now for steps of parity and shadow, and what was counted before.</summary>
/// <param name="caches">Where suites are.</param>
/// <param name="options">Where recordings and evidence are.</param>
/// <param name="sides">Asks both sides.</param>
/// <param name="traffic">Counts live copies.</param>
/// <param name="meters">Count what is asked.</param>
/// <param name="changed">Has a rollout looked at.</param>
/// <param name="time">The clock.</param>
internal sealed class StepRuns(RolloutCaches caches, RolloutOptions options, IRolloutSides sides, IRolloutTraffic traffic, AskMeters meters, Action<NamespacedName> changed, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Uid, int Step), ShadowRun> _replays = new();
    private readonly ConcurrentDictionary<(string Uid, int Step), ParityRun> _parities = new();
    private readonly ConcurrentDictionary<(string Uid, int Step), SeenCopies> _copied = new();
    private readonly ConcurrentDictionary<NamespacedName, ((string?, long?, ParityStep) Of, (ParitySetup?, string?) Made)> _setups = new();

    /// <summary>What a decision rests on.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="copies">The candidate's live copies by now.</param>
    public StepView View(ModelRollout rollout, SeenCopies copies)
    {
        var id = Id(rollout, rollout.Status?.Step);
        return new StepView
        {
            Recorded = (step, behind) => ShadowSetup.Of(step, rollout, options.Recordings, behind, Services(rollout, step)),
            Replay = _replays.GetValueOrDefault(id)?.State,
            // Of copies that another process saw nothing is known, and none is counted twice.
            Copies = _copied.TryGetValue(id, out var before) ? copies.Since(before) : SeenCopies.None,
            Parity = step => Setup(rollout, step),
            Compared = _parities.GetValueOrDefault(id)?.State,
        };
    }

    /// <summary>The candidate's live copies by now.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="status">The status whose step is meant.</param>
    public SeenCopies Copies(ModelRollout rollout, ModelRolloutStatus? status) =>
        status is { CandidateName: { } candidate } && status.Shadow?.FirstOrDefault(s => s.Step == status.Step) is { Source: ShadowSource.Live } shadow
            ? traffic.Copies(new NamespacedName(rollout.Metadata.Namespace ?? "default", candidate), shadow.Latency ?? []) : SeenCopies.None;

    /// <summary>A status is written: what it counted is behind it, and of a step that begins with it what was before.</summary>
    /// <param name="rollout">The rollout as it was.</param>
    /// <param name="counted">What was counted.</param>
    /// <param name="next">What was written.</param>
    public void Note(ModelRollout rollout, SeenCopies counted, ModelRolloutStatus next)
    {
        if (next.Shadow?.FirstOrDefault(s => s.Step == next.Step) is { Source: ShadowSource.Live }) _copied[Id(rollout, next.Step)] = rollout.Status?.Shadow?.Any(s => s.Step == next.Step) == true ? counted : Copies(rollout, next);
    }

    /// <summary>Begins what a plan asks for, and ends all else.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="key">Its name.</param>
    /// <param name="plan">The plan.</param>
    public async Task AskAsync(ModelRollout rollout, NamespacedName key, RolloutPlan plan)
    {
        var id = Id(rollout, plan.Status.Step);
        await EndAsync(_replays, plan.Replay is null ? null : id, id.Uid);
        await EndAsync(_parities, plan.Compare is null ? null : id, id.Uid);
        if (plan.Replay is { Setup: { } setup } replay && !_replays.ContainsKey(id))
        {
            var file = Evidence.File(options.EvidenceFolder, key.Namespace, key.Name, ShadowStatus.GateName);
            _replays[id] = new ShadowRun(
                rollout.Spec, setup, replay, Chat(rollout, plan.Status.CandidateName!, setup.Step.TimeoutSeconds),
                (unit, part, prompt, was, made) => Evidence.Add(file, id.Uid, id.Step, unit, part, prompt, was, made), () => changed(key), time);
        }

        if (plan.Compare is { } compare && !_parities.ContainsKey(id))
        {
            var patience = compare.Setup.Step.TimeoutSeconds;
            _parities[id] = new ParityRun(compare, Chat(rollout, rollout.Spec.DeploymentRef.Name, patience).Patient(time), Chat(rollout, plan.Status.CandidateName!, patience).Patient(time), () => changed(key));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in _replays.Values) await run.DisposeAsync();
        foreach (var run in _parities.Values) await run.DisposeAsync();
    }

    private static async Task EndAsync<T>(ConcurrentDictionary<(string Uid, int Step), T> runs, (string, int)? but, string uid)
        where T : IAsyncDisposable
    {
        foreach (var (id, _) in runs.Where(r => r.Key.Uid == uid && r.Key != but))
        {
            if (runs.TryRemove(id, out var run)) await run.DisposeAsync();
        }
    }

    // To read a suite of thousands of prompts every second would be most of a rollout's work.
    private (ParitySetup?, string?) Setup(ModelRollout rollout, ParityStep step)
    {
        var key = new NamespacedName(rollout.Metadata.Namespace ?? "default", step.SuiteRef.Name);
        var suite = caches.Suite(key);
        var of = ($"{suite?.Metadata.Uid}/{caches.Texts.Version(caches.Suites.Get(key))}", suite?.Metadata.Generation, step);
        if (_setups.TryGetValue(key, out var known) && known.Of == of) return known.Made;
        var made = ParitySetup.Of(step, suite);
        _setups[key] = (of, made);
        return made;
    }

    private IChat Chat(ModelRollout rollout, string name, int? patience)
    {
        ModelDeployment Beside(string deployment) => caches.Deployments.Get(new NamespacedName(rollout.Metadata.Namespace ?? "default", deployment))!;
        return new MeteredChat(sides.Chat(Beside(rollout.Spec.DeploymentRef.Name), Beside(name), TimeSpan.FromSeconds(patience ?? 120)), meters.Of(rollout.Metadata.Uid));
    }

    private ShadowServices Services(ModelRollout rollout, ShadowStep step)
    {
        var patience = TimeSpan.FromSeconds(step.TimeoutSeconds ?? 120);
        return new ShadowServices(
            name => caches.Deployments.Get(new NamespacedName(rollout.Metadata.Namespace ?? "default", name)), judge => new MeteredChat(sides.Chat(judge, judge, patience), meters.Of(rollout.Metadata.Uid)).Patient(time),
            embedder => sides.Embeddings(embedder, patience), JudgedModels.Of(caches, rollout));
    }

    private static (string Uid, int Step) Id(ModelRollout rollout, int? step) => (rollout.Metadata.Uid ?? "", step ?? 0);
}
