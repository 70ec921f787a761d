using Slipway.Api.Rollouts;
using Slipway.Web.Ui.Charts;

namespace Slipway.Web.Rollouts;

/// <summary>The share of the traffic over time, from what was decided. Pure.</summary>
/// <param name="Points">How many of a hundred requests the candidate answers; X in seconds since the rollout began.</param>
/// <param name="Seconds">How long it is.</param>
internal sealed record WeightCourse(IReadOnlyList<ChartPoint> Points, double Seconds)
{
    /// <summary>The course of a rollout; null when it has not begun.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="now">The time.</param>
    public static WeightCourse? Of(ModelRollout rollout, DateTimeOffset now)
    {
        if (rollout.Status is not { StartTime: { } start } status) return null;
        var points = new List<ChartPoint> { new(0, 0) };
        var end = start;
        foreach (var decision in status.History ?? [])
        {
            if (decision.Time > end) end = decision.Time;
            double? weight = decision.What switch
            {
                "Shifted" when decision.Step is { } step && step < rollout.Spec.Steps.Count => rollout.Spec.Steps[step].Canary?.Weight,
                "Promoting" => 100,
                "Aborted" => 0,
                _ => null,
            };
            if (weight is not null) points.Add(new ChartPoint((decision.Time - start).TotalSeconds, weight));
        }

        if (rollout.IsUnderWay() && now > end) end = now;
        var seconds = Math.Max(1, (end - start).TotalSeconds);
        points.Add(new ChartPoint(seconds, status.CandidateWeight ?? 0));
        return new WeightCourse(points, seconds);
    }
}
