using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Running;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Rollouts;
using Slipway.Web.Rollouts;

namespace Slipway.Up.Page;

/// <summary>The rollouts of the API that `up` runs, from the caches of its controllers and the files of evidence.</summary>
internal sealed class LiveRollouts : IRollouts, IDisposable
{
    private const string Manager = "slipway-page";

    private readonly KubeClient _client;
    private readonly SlipwayOperator _controllers;
    private readonly string _evidence;

    public LiveRollouts(KubeClient client, SlipwayOperator controllers, string evidence)
    {
        (_client, _controllers, _evidence) = (client, controllers, evidence);
        controllers.Rollouts.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<ModelRollout> All => [.. _controllers.Rollouts.Objects.Values.OrderByDescending(static r => r.Metadata.CreationTimestamp).ThenBy(static r => r.Metadata.Name, StringComparer.Ordinal)];

    public void Dispose() => _controllers.Rollouts.Changed -= OnChanged;

    public ModelRollout? Find(string space, string name) => _controllers.Rollouts.Get(new NamespacedName(space, name));

    public async Task<GateFindings> FindingsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken)
    {
        try
        {
            var pairs = await EvidenceReader.ReadAsync(_evidence, rollout, gate, cancellationToken);
            return new GateFindings(
                [.. pairs.Select(static p => new GatePair(p.Baseline.PromptId, p.Question, Side(p.Baseline), Side(p.Candidate)))],
                [.. EvidenceReader.Course(gate, pairs).Select(static m => new CoursePoint(m.Units, m.Pass, m.Fail))]);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return new GateFindings([], [], $"What was answered cannot be read: {unread.Message}");
        }
    }

    public Task<string?> ApproveAsync(ModelRollout rollout, CancellationToken cancellationToken) =>
        ChangeAsync(rollout, new JsonObject { ["approved"] = (rollout.Status?.ApprovalsUsed ?? 0) + 1 }, cancellationToken);

    // What is drawn may be older than what is.
    public Task<string?> AbortAsync(ModelRollout rollout, CancellationToken cancellationToken) =>
        Find(rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name!)?.Status?.Phase is { } phase && phase is RolloutPhase.Promoted or RolloutPhase.RolledBack or RolloutPhase.RollingBack
            ? Task.FromResult<string?>(phase is RolloutPhase.Promoted
                ? $"{rollout.Metadata.Name} is through meanwhile, and the model as it was is stopped. To go back, begin a rollout the other way."
                : $"{rollout.Metadata.Name} was turned down already.")
            : ChangeAsync(rollout, new JsonObject { ["abort"] = true }, cancellationToken);

    private async Task<string?> ChangeAsync(ModelRollout rollout, JsonObject spec, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name!);
        try
        {
            await _client.MergePatchAsync(Kinds.ModelRollouts, key, new JsonObject { ["spec"] = spec }, Manager, cancellationToken);
            return null;
        }
        catch (KubeApiException refused)
        {
            return refused.Code is HttpStatusCode.NotFound ? $"There is no rollout {key} any more." : refused.Message;
        }
        catch (HttpRequestException unreachable)
        {
            return $"The Kubernetes API does not answer: {unreachable.Message}. Try again when it does.";
        }
    }

    private static PairSide Side(PromptResult result) => new(
        result.Answer.Text, result.Score, result.Answer.Failure is { } failure ? $"{failure.Kind}: {failure.Reason}" : result.Reason, result.Answer.Elapsed.TotalSeconds);

    private void OnChanged(NamespacedName key) => Changed?.Invoke();
}
