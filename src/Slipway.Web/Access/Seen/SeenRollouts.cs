using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Web.Access.Seen;

/// <summary>The rollouts that a person may see. What was asked and answered is shown to those who may read logs there, since users' own words may be in it.</summary>
internal sealed class SeenRollouts : IRollouts, IDisposable
{
    private readonly IRollouts _all;
    private readonly IRights _rights;

    public SeenRollouts(IRollouts all, IRights rights)
    {
        (_all, _rights) = (all, rights);
        _all.Changed += OnChanged;
        _rights.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<ModelRollout> All => [.. _all.All.Where(r => May(Space(r)))];

    public void Dispose()
    {
        _all.Changed -= OnChanged;
        _rights.Changed -= OnChanged;
    }

    public ModelRollout? Find(string space, string name) => May(space) ? _all.Find(space, name) : null;

    public async Task<GateFindings> FindingsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken)
    {
        var space = Space(rollout);
        await _rights.LookAsync(space, cancellationToken);
        return (_rights.Missing(Right.SeeRollouts, space) ?? _rights.Missing(Right.ReadLogs, space)) is { } missing
            ? new GateFindings([], [], $"What was asked and answered is not shown: {missing}")
            : await _all.FindingsAsync(rollout, gate, cancellationToken);
    }

    public Task<string?> ApproveAsync(ModelRollout rollout, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Decide, Space(rollout), rollout.Metadata.Name, () => _all.ApproveAsync(rollout, cancellationToken), cancellationToken);

    public Task<string?> AbortAsync(ModelRollout rollout, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Decide, Space(rollout), rollout.Metadata.Name, () => _all.AbortAsync(rollout, cancellationToken), cancellationToken);

    public IReadOnlyList<SuiteOffer> Suites(string space) => _rights.May(Right.SeeSuites, space) ? _all.Suites(space) : [];

    public string? Doubt(RolloutDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _rights.Missing(Right.SeeSuites, draft.Space) ?? _all.Doubt(draft);
    }

    public Task<string?> BeginAsync(RolloutDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Answer.OfAsync(_rights, Right.BeginRollouts, draft.Space, null, () => _all.BeginAsync(draft, cancellationToken), cancellationToken);
    }

    public Task<string?> DeleteAsync(ModelRollout rollout, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.DeleteRollouts, Space(rollout), rollout.Metadata.Name, () => _all.DeleteAsync(rollout, cancellationToken), cancellationToken);

    private bool May(string space) => _rights.May(Right.SeeRollouts, space);

    private void OnChanged() => Changed?.Invoke();

    private static string Space(ModelRollout rollout) => rollout.Metadata.Namespace ?? "default";
}
