namespace Slipway.Operator.Rollouts.Traffic;

/// <summary>Copies of users' requests that a candidate was asked since this process began to look.</summary>
/// <param name="Requests">Copies that are through.</param>
/// <param name="Failures">Those that came to nothing.</param>
/// <param name="Dropped">Those that were never asked: too many at a time, or too large.</param>
/// <param name="Slower">Answers by the limits that were asked for, in their order.</param>
public sealed record SeenCopies(long Requests, long Failures, long Dropped, IReadOnlyList<SlowAnswers> Slower)
{
    /// <summary>None.</summary>
    public static SeenCopies None { get; } = new(0, 0, 0, []);

    /// <summary>What came since.</summary>
    /// <param name="before">What was seen then.</param>
    public SeenCopies Since(SeenCopies before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new(
            Math.Max(0, Requests - before.Requests), Math.Max(0, Failures - before.Failures), Math.Max(0, Dropped - before.Dropped),
            [.. Slower.Select((s, i) => i < before.Slower.Count ? new SlowAnswers(Math.Max(0, s.Requests - before.Slower[i].Requests), Math.Max(0, s.Slower - before.Slower[i].Slower)) : s)]);
    }
}
