using System.Collections.Concurrent;
using System.Security.Cryptography;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Events;

namespace Slipway.Operator.Rollouts.Decisions;

/// <summary>Sees to it that what was decided, and what it rests on, can be looked up. Nothing waits for it: a store that is full must not keep traffic where it harms.</summary>
/// <param name="client">The API.</param>
/// <param name="options">The key, and the folder of evidence.</param>
/// <param name="events">Where it is said what cannot be kept.</param>
/// <param name="time">The clock.</param>
internal sealed class DecisionKeeper(KubeClient client, RolloutOptions options, EventRecorder events, TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    private readonly DecisionRecords? _records = options.DecisionKey is { } key ? new DecisionRecords(client, key) : null;

    // What this process has seen to, and what it could not and when it tries again.
    private readonly ConcurrentDictionary<string, bool> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new(StringComparer.Ordinal);

    /// <summary>Keeps what is there to keep.</summary>
    /// <param name="rollout">The rollout, with the status as it was written.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>When to try again; null where all is kept.</returns>
    public async Task<TimeSpan?> KeepAsync(ModelRollout rollout, CancellationToken cancellationToken)
    {
        // What is being deleted takes no more objects, and its evidence goes with it.
        var (uid, status) = (rollout.Metadata.Uid ?? "", rollout.Status!);
        TimeSpan? again = null;
        if (options.KeepsPairs && rollout.Metadata.DeletionTimestamp is null)
        {
            foreach (var gate in (status.Gates ?? []).Where(g => g.Verdict != GateEvidence.Running || status.DecisionTime is not null))
                again = Sooner(again, await TryAsync($"{uid}/{gate.Step}/{gate.Name}", rollout, () => PairsAsync(rollout, gate, cancellationToken), cancellationToken));
        }

        if (_records is not null && status.DecisionTime is { } decided)
            again = Sooner(again, await TryAsync($"{uid}/{decided.UtcTicks}", rollout, () => _records.KeepAsync(rollout, Digests(rollout), cancellationToken), cancellationToken));
        return again;
    }

    private async Task<TimeSpan?> TryAsync(string what, ModelRollout rollout, Func<Task> keep, CancellationToken cancellationToken)
    {
        if (_kept.ContainsKey(what)) return null;
        if (_failed.TryGetValue(what, out var next) && next > time.GetUtcNow()) return next - time.GetUtcNow();
        try
        {
            await keep();
            _kept[what] = true;
            _failed.TryRemove(what, out _);
            return null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or HttpRequestException or KubeApiException)
        {
            if (!_failed.ContainsKey(what))
            {
                var about = new ObjectReference { ApiVersion = ModelRollout.GroupVersion, Kind = "ModelRollout", Namespace = rollout.Metadata.Namespace, Name = rollout.Metadata.Name, Uid = rollout.Metadata.Uid };
                await events.RecordAsync(about, "DecisionNotKept", $"The signed record of the decision, or what it rests on, cannot be kept, which is tried again: {failed.Message}", true, cancellationToken);
            }

            _failed[what] = time.GetUtcNow() + s_again;
            return s_again;
        }
    }

    // A file that is lost, with the process before, leaves what was kept then.
    private async Task PairsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken)
    {
        var file = FileOf(rollout, gate);
        if (!File.Exists(file) || EvidenceObject.Of(rollout, gate, file) is not { } evidence) return;
        var before = await client.GetAsync(Kinds.RolloutEvidences, EvidenceObject.Name(rollout, gate), cancellationToken);
        if (before is null) await client.CreateAsync(Kinds.RolloutEvidences, evidence, cancellationToken);
        else if (before.Spec.RolloutRef.Uid != rollout.Metadata.Uid || before.Spec.Pairs < evidence.Spec.Pairs)
            await client.ReplaceAsync(Kinds.RolloutEvidences, evidence with { Metadata = evidence.Metadata with { ResourceVersion = before.Metadata.ResourceVersion } }, cancellationToken);
    }

    private Dictionary<string, string> Digests(ModelRollout rollout) => (rollout.Status!.Gates ?? []).DistinctBy(static g => g.Name, StringComparer.Ordinal).Select(g => (g.Name, File: FileOf(rollout, g)))
        .Where(static g => File.Exists(g.File)).ToDictionary(static g => g.Name, static g => DecisionRecord.OfFile(g.File), StringComparer.Ordinal);

    private string FileOf(ModelRollout rollout, GateStatus gate) => Evidence.File(options.EvidenceFolder, rollout.Metadata.Namespace ?? "", rollout.Metadata.Name!, gate.Name);

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is { } a && other is { } b ? (a < b ? a : b) : one ?? other;
}
