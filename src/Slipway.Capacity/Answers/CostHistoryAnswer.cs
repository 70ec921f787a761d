using System.Collections.Immutable;
using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Answers;

/// <summary>What an hour or a day cost.</summary>
/// <param name="Start">Its start, UTC.</param>
/// <param name="SeenSeconds">Seconds of it that were watched; of the rest nothing is known.</param>
/// <param name="Cost">What the namespaces in question took.</param>
/// <param name="Idle">What nobody took; null for one namespace.</param>
public sealed record CostPeriod(DateTimeOffset Start, double SeenSeconds, CostAmount Cost, CostAmount? Idle);

/// <summary>What was spent, as it was written down: the answer of <c>slipway cost history</c> and of the REST API.</summary>
/// <param name="By"><c>hour</c> or <c>day</c>.</param>
/// <param name="Namespace">The namespace; null for all.</param>
/// <param name="Periods">The periods, oldest first; those that nobody watched are left out.</param>
/// <param name="Total">All of them together.</param>
public sealed record CostHistoryAnswer(string By, string? Namespace, ImmutableArray<CostPeriod> Periods, CostAmount Total)
{
    /// <summary>Of a history.</summary>
    /// <param name="history">The history.</param>
    /// <param name="length">The length of a period.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="last">How many periods, the newest.</param>
    public static CostHistoryAnswer Of(CostHistory history, CostPeriodLength length, string? space, int last)
    {
        ArgumentNullException.ThrowIfNull(history);
        var buckets = length is CostPeriodLength.Hour ? history.ByHour() : history.ByDay();
        var sums = buckets.TakeLast(last).Select(b => (Bucket: b, Sum: space is null ? CostSum.Of(b.ByNamespace.Values) : b.ByNamespace.GetValueOrDefault(space, CostSum.Zero))).ToList();
        return new CostHistoryAnswer(
            length.ToString().ToLowerInvariant(), space,
            [.. sums.Select(s => new CostPeriod(s.Bucket.Start, s.Bucket.Seen.TotalSeconds, CostAmount.Of(s.Sum), space is null ? CostAmount.Of(s.Bucket.Idle) : null))],
            CostAmount.Of(CostSum.Of(sums.Select(static s => s.Sum))));
    }
}

/// <summary>The length of the periods of a history.</summary>
public enum CostPeriodLength
{
    /// <summary>Days, of which the last 400 are kept.</summary>
    Day,

    /// <summary>Hours, of which those of the last 31 days are kept.</summary>
    Hour,
}
