using Slipway.Api.Schedules;
using Slipway.Web.Deployments.Quality;

namespace Slipway.Web.Access.Seen;

/// <summary>The schedules that a person may see.</summary>
internal sealed class SeenSchedules : ISchedules, IDisposable
{
    private readonly ISchedules _all;
    private readonly IRights _rights;

    public SeenSchedules(ISchedules all, IRights rights)
    {
        (_all, _rights) = (all, rights);
        _all.Changed += OnChanged;
        _rights.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<EvaluationSchedule> All => [.. _all.All.Where(s => _rights.May(Right.SeeSchedules, Space(s)))];

    public void Dispose()
    {
        _all.Changed -= OnChanged;
        _rights.Changed -= OnChanged;
    }

    public Task<string?> AcceptAsync(EvaluationSchedule schedule, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.AcceptSchedules, Space(schedule), schedule.Metadata.Name, () => _all.AcceptAsync(schedule, cancellationToken), cancellationToken);

    private void OnChanged() => Changed?.Invoke();

    private static string Space(EvaluationSchedule schedule) => schedule.Metadata.Namespace ?? "default";
}
