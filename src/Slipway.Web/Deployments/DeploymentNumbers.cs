using Slipway.Capacity.Answers;
using Slipway.Web.Deployments.Traffic;

namespace Slipway.Web.Deployments;

/// <summary>What the list says of a deployment in numbers.</summary>
internal sealed record DeploymentNumbers
{
    /// <summary>How far back traffic is counted.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests a minute of late; null where there was none.</summary>
    public double? RequestsPerMinute { get; init; }

    /// <summary>The median time to the first token, seconds; null of nothing.</summary>
    public double? FirstTokenSeconds { get; init; }

    /// <summary>Tokens of answers a second; null where there was no request.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Of a hundred requests of late, how many failed; null where there was none.</summary>
    public double? FailedPercent { get; init; }

    /// <summary>What it costs an hour now; null where that was not read.</summary>
    public CostAmount? PerHour { get; init; }

    /// <summary>What it cost since the month began; null where that was not read.</summary>
    public CostAmount? MonthSoFar { get; init; }

    /// <summary>Puts together what was counted and what it costs.</summary>
    public static DeploymentNumbers Of(IReadOnlyList<TrafficStretch>? stretches, CostRow? cost)
    {
        var (requests, failures, tokens) = (stretches?.Sum(static s => s.Requests) ?? 0, stretches?.Sum(static s => s.Failures) ?? 0, stretches?.Sum(static s => s.TokensOut) ?? 0);
        return new DeploymentNumbers
        {
            RequestsPerMinute = requests == 0 ? null : requests / Window.TotalMinutes,
            FailedPercent = requests == 0 ? null : 100d * failures / requests,
            TokensPerSecond = requests == 0 ? null : tokens / Window.TotalSeconds,
            // Of the newest stretch that has any: a median of medians would be of nothing.
            FirstTokenSeconds = stretches?.LastOrDefault(static s => s.TimeToFirstToken.P50Seconds is not null)?.TimeToFirstToken.P50Seconds,
            PerHour = cost?.PerHour,
            MonthSoFar = cost?.MonthSoFar,
        };
    }
}
