using Slipway.Api.Rollouts;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Counts what the candidate made of users' requests. Pure.</summary>
internal static class ShadowCount
{
    /// <summary>The status after a conversation was asked.</summary>
    public static ShadowStatus After(ShadowStatus status, ShadowUnit unit, IReadOnlyCollection<PromptResult> results)
    {
        var reached = results.Select(static r => r.Answer).Where(static a => a.Failure is not { Kind: FailureKind.Infrastructure }).ToArray();
        return status with
        {
            Asked = status.Asked + results.Count,
            Position = unit.Position,
            Requests = status.Requests + reached.Length,
            Failures = status.Failures + reached.Count(static a => a.Failure is not null),
            Missing = status.Missing + results.Count - reached.Length,
            Latency = status.Latency is null ? null : [.. status.Latency.Select(l => Timed(l, reached))],
        };
    }

    /// <summary>The status after more live copies.</summary>
    public static ShadowStatus After(ShadowStatus status, SeenCopies copies) => status with
    {
        Requests = status.Requests + copies.Requests,
        Failures = status.Failures + copies.Failures,
        Dropped = status.Dropped + copies.Dropped,
        Latency = status.Latency is null ? null : [.. status.Latency.Select((l, i) => i < copies.Slower.Count ? l with { Requests = l.Requests + copies.Slower[i].Requests, Slower = l.Slower + copies.Slower[i].Slower } : l)],
    };

    private static LatencyEvidence Timed(LatencyEvidence limit, IEnumerable<Answer> answers)
    {
        var times = answers.Where(static a => a.Failure is null).Select(a => Took(limit.Measure, a)).OfType<TimeSpan>().ToArray();
        return limit.LimitSeconds > 0 ? limit with { Requests = limit.Requests + times.Length, Slower = limit.Slower + times.Count(t => t.TotalSeconds > limit.LimitSeconds) } : limit;
    }

    private static TimeSpan? Took(LatencyMeasure measure, Answer answer) => measure switch
    {
        LatencyMeasure.FirstToken => answer.FirstToken,
        LatencyMeasure.BetweenTokens => answer is { FirstToken: { } first, CompletionTokens: > 1 and var tokens } ? (answer.Elapsed - first) / (tokens - 1) : null,
        _ => answer.Elapsed,
    };
}
