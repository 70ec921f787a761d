using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Rollouts.Shadowing;

namespace Slipway.Operator.Rollouts.Offline;

/// <summary>What is gathered now, and what was.</summary>
/// <param name="folder">Where evidence is kept.</param>
/// <param name="changed">Has a rollout looked at.</param>
/// <param name="time">The clock.</param>
internal sealed class OfflineRuns(string folder, Action<NamespacedName> changed, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, GatherRun> _runs = new(StringComparer.Ordinal);

    /// <summary>How far it is; null where nothing is gathered.</summary>
    public GatherState? State(ModelRollout rollout) => _runs.GetValueOrDefault(rollout.Metadata.Uid ?? "")?.State;

    /// <summary>Begins what a plan asks for, and ends all else.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="key">Its name.</param>
    /// <param name="gates">The gates; none where nothing is to be gathered.</param>
    /// <param name="chat">Asks the model as it is.</param>
    public async Task AskAsync(ModelRollout rollout, NamespacedName key, ImmutableArray<GateSetup> gates, Func<GateSetup, IChat> chat)
    {
        var uid = rollout.Metadata.Uid ?? "";
        if (gates.IsEmpty)
        {
            if (_runs.TryRemove(uid, out var over)) await over.DisposeAsync();
        }
        else if (!_runs.ContainsKey(uid))
        {
            _runs[uid] = new GatherRun(uid, [.. gates.Select(g => (g, Kept(key, g), chat(g)))], () => changed(key), time);
        }
    }

    /// <summary>The model as it was, by what it answered.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="key">Its name.</param>
    /// <param name="setup">The gate.</param>
    /// <returns>Who answers a prompt, by its unit and its place in it.</returns>
    /// <exception cref="SetupException">What was gathered is lost; thrown when a prompt is asked.</exception>
    public Func<long, int, IChat> Answers(ModelRollout rollout, NamespacedName key, GateSetup setup)
    {
        var kept = new Lazy<IReadOnlyList<IReadOnlyList<PromptResult>>>(() => Kept(key, setup).Read(rollout.Metadata.Uid ?? "", setup));
        return (unit, part) => kept.Value.Count == setup.Units.Length ? new RecordedChat(kept.Value[(int)unit][part].Answer)
            : throw new SetupException($"what {rollout.Spec.DeploymentRef.Name} answered to its prompts is lost, with the folder that it was in or because the suite was changed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.Values) await run.DisposeAsync();
    }

    private GatheredAnswers Kept(NamespacedName key, GateSetup setup) => new(GatheredAnswers.File(folder, key.Namespace, key.Name, setup.Name));
}
