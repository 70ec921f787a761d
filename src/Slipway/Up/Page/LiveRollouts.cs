using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Commands.Evaluating;
using Slipway.Commands.Rollouts;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Rollouts;
using Slipway.Web.Rollouts;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Up.Page;

/// <summary>The rollouts of the API that `up` runs, from the caches of its controllers and the files of evidence.</summary>
internal sealed class LiveRollouts : IRollouts, IDisposable
{
    private const string Manager = "slipway-page";

    private static readonly Lazy<IReadOnlyList<SuiteReading>> s_bundled = new(static () => [.. SuiteFiles.Bundled.Select(SuiteFiles.ReadWhole)]);

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
            // What another process asked is there once it is through, for whoever may read it.
            var kept = pairs.IsEmpty ? await _client.GetAsync(Kinds.RolloutEvidences, EvidenceObject.Name(rollout, gate), cancellationToken) : null;
            if (kept is not null) pairs = await EvidenceReader.ReadAsync(kept, rollout, cancellationToken);
            var whole = kept?.Spec.LeftOut is not > 0;
            return new GateFindings(
                [.. pairs.Select(static p => new GatePair(p.Baseline.PromptId, p.Question, Side(p.Baseline), Side(p.Candidate)))],
                whole ? [.. EvidenceReader.Course(gate, pairs).Select(static m => new CoursePoint(m.Units, m.Pass, m.Fail))] : [],
                Note: pairs.IsEmpty && gate.Asked > 0 ? "What both sides answer is shown here once the gate is through." : whole ? null : $"{kept!.Spec.LeftOut} pairs were not kept: those on which both sides scored alike, where all were too many, or those of before the operator was moved.");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or KubeApiException or HttpRequestException)
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

    public IReadOnlyList<SuiteOffer> Suites(string space)
    {
        var own = Own(space).ToList();
        return
        [
            .. own.Select(static s => new SuiteOffer(s.Metadata.Name!, s.Spec.Description ?? "", s.Status?.Prompts ?? s.Spec.Prompts?.Count ?? 0, Bundled: false)).OrderBy(static s => s.Name, StringComparer.Ordinal),
            .. s_bundled.Value.Where(b => own.All(o => o.Metadata.Name != b.Suite!.Name)).Select(static b => new SuiteOffer(b.Suite!.Name, b.Suite.Description, b.Suite.Prompts.Length, Bundled: true)),
        ];
    }

    public string? Doubt(RolloutDraft draft)
    {
        var name = draft.Quality.SuiteRef.Name;
        // What another process reads, it will also judge.
        var own = _controllers.Suite(new NamespacedName(draft.Space, name));
        if (own?.Spec.Source is not null)
        {
            return own.Status?.Digest is not null ? null
                : $"Suite {name} cannot be used: {own.Status?.Conditions?.FirstOrDefault(static c => c.Type == "Valid")?.Message ?? "its prompts are not read yet"}.";
        }

        var reading = own is not null
            ? SuiteReader.Read(JsonSerializer.SerializeToNode(own with { Status = null }, SlipwayJson.Default.EvaluationSuite)!.AsObject())
            : s_bundled.Value.FirstOrDefault(b => b.Suite!.Name == name);
        if (reading is null) return $"There is no suite {name} in {draft.Space}.";
        if (reading.Suite is null) return $"Suite {name} cannot be used: {string.Join("; ", reading.Problems.Take(5))}.";
        return GatePower.Lack(draft.Quality, reading.Suite) is { } lack
            ? $"{lack.What}. Take a larger suite or a margin of {lack.Margin}, or begin it all the same: it may end without a verdict, and that is no pass."
            : null;
    }

    public Task<string?> BeginAsync(RolloutDraft draft, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            var suite = s_bundled.Value.FirstOrDefault(b => b.Suite!.Name == draft.Quality.SuiteRef.Name);
            if (suite is not null && Own(draft.Space).All(s => s.Metadata.Name != suite.Suite!.Name)) await PutAsync(suite.Manifest!, draft.Space, cancellationToken);
            await _client.CreateAsync(Kinds.QualityGates, draft.Gate(), cancellationToken);
            try
            {
                await _client.CreateAsync(Kinds.ModelRollouts, draft.Rollout(), cancellationToken);
            }
            catch (KubeApiException)
            {
                await _client.DeleteAsync(Kinds.QualityGates, new NamespacedName(draft.Space, draft.Name), CancellationToken.None);
                throw;
            }
        },
        new NamespacedName(draft.Space, draft.Name));

    public Task<string?> DeleteAsync(ModelRollout rollout, CancellationToken cancellationToken)
    {
        var key = Key(rollout);
        return TryAsync(
            async () =>
            {
                await _client.DeleteAsync(Kinds.ModelRollouts, key, cancellationToken, rollout.Metadata.Uid);
                // The one that was made with it; one that others ask as well stays.
                if (rollout.Spec.Steps.Any(s => s.Gates?.Contains(key.Name) == true) && !All.Any(r => r.Metadata.Uid != rollout.Metadata.Uid && r.Metadata.Namespace == key.Namespace && r.Spec.Steps.Any(s => s.Gates?.Contains(key.Name) == true)))
                    await _client.DeleteAsync(Kinds.QualityGates, key, cancellationToken);
            },
            key);
    }

    private IEnumerable<Api.Rollouts.EvaluationSuite> Own(string space) => _controllers.Suites?.Objects.Values.Where(s => s.Metadata.Namespace == space) ?? [];

    // Whoever was faster has put the same there.
    private async Task PutAsync(JsonObject manifest, string space, CancellationToken cancellationToken)
    {
        var suite = manifest.DeepClone().Deserialize(SlipwayJson.Default.EvaluationSuite)!;
        try
        {
            await _client.CreateAsync(Kinds.EvaluationSuites, suite with { Metadata = suite.Metadata with { Namespace = space } }, cancellationToken);
        }
        catch (KubeApiException there) when (there.Reason == "AlreadyExists")
        {
        }
    }

    private Task<string?> ChangeAsync(ModelRollout rollout, JsonObject spec, CancellationToken cancellationToken)
    {
        var key = Key(rollout);
        return TryAsync(() => _client.MergePatchAsync(Kinds.ModelRollouts, key, new JsonObject { ["spec"] = spec }, Manager, cancellationToken), key);
    }

    private static async Task<string?> TryAsync(Func<Task> change, NamespacedName key)
    {
        try
        {
            await change();
            return null;
        }
        catch (KubeApiException refused)
        {
            return refused switch
            {
                { Code: HttpStatusCode.NotFound } => $"There is no rollout {key} any more.",
                { Reason: "AlreadyExists" } => $"There is a rollout or a gate {key} already. Give this one another name.",
                _ => refused.Message,
            };
        }
        catch (HttpRequestException unreachable)
        {
            return $"The Kubernetes API does not answer: {unreachable.Message}. Try again when it does.";
        }
    }

    private static NamespacedName Key(ModelRollout rollout) => new(rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name!);

    private static PairSide Side(PromptResult result) => new(
        result.Answer.Text, result.Score, result.Answer.Failure is { } failure ? $"{failure.Kind}: {failure.Reason}" : result.Reason, result.Answer.Elapsed.TotalSeconds);

    private void OnChanged(NamespacedName key) => Changed?.Invoke();
}
