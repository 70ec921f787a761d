using Slipway.Api.Schedules;

namespace Slipway.Web.Deployments.Quality;

/// <summary>The schedules by which models are asked whether they are still as good. What the cluster refuses is an answer, not an exception.</summary>
public interface ISchedules
{
    /// <summary>Raised when a schedule came, changed or went; on a flow that must not be held up.</summary>
    event Action? Changed;

    /// <summary>The schedules, by name.</summary>
    IReadOnlyList<EvaluationSchedule> All { get; }

    /// <summary>Takes what the model is like now for what it is to be like.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is accepted.</returns>
    Task<string?> AcceptAsync(EvaluationSchedule schedule, CancellationToken cancellationToken);
}
