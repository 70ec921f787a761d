using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Running;

/// <summary>How a model did on one kind of prompt, or on all.</summary>
/// <param name="Name">The stratum.</param>
/// <param name="Prompts">Prompts asked.</param>
/// <param name="Missing">Prompts without a score.</param>
/// <param name="Failures">Requests that came to nothing and count as wrong.</param>
/// <param name="Score">The mean score with its range (95 in 100); null when nothing was graded.</param>
public sealed record StratumReport(string Name, int Prompts, int Missing, int Failures, Interval? Score);

/// <summary>How a model did on a suite.</summary>
/// <param name="Strata">By kind of prompt, in the suite's order.</param>
/// <param name="All">All prompts.</param>
/// <param name="FirstToken">The median time to the first token; null when no answer had one.</param>
/// <param name="TokensPerSecond">The median speed after the first token, a request; null when engines do not count.</param>
/// <param name="Tokens">Tokens of all answers, as far as the engine counts.</param>
public sealed record SuiteReport(ImmutableArray<StratumReport> Strata, StratumReport All, TimeSpan? FirstToken, double? TokensPerSecond, long Tokens)
{
    /// <summary>Sums up.</summary>
    /// <param name="results">Each prompt with what came of it.</param>
    public static SuiteReport Of(IReadOnlyList<(Prompt Prompt, PromptResult Result)> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var answers = results.Select(static r => r.Result.Answer).Where(static a => a.Failure is null).ToArray();
        var first = Median([.. answers.Select(static a => a.FirstToken?.TotalSeconds).OfType<double>()]);
        var speeds = answers.Where(static a => a is { CompletionTokens: > 1, FirstToken: not null } && a.Elapsed > a.FirstToken)
            .Select(static a => (a.CompletionTokens!.Value - 1) / (a.Elapsed - a.FirstToken!.Value).TotalSeconds);
        return new(
            [.. results.GroupBy(static r => r.Prompt.Stratum, StringComparer.Ordinal).Select(static g => Stratum(g.Key, [.. g]))],
            Stratum("all", results),
            first is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Median([.. speeds]),
            answers.Sum(static a => (long)(a.CompletionTokens ?? 0)));
    }

    private static StratumReport Stratum(string name, IReadOnlyList<(Prompt Prompt, PromptResult Result)> results)
    {
        var graded = results.Where(static r => !r.Result.IsMissing).Select(static r => (r.Result.Score!.Value, r.Prompt.Cluster)).ToArray();
        var failures = results.Count(static r => r.Result.Answer.Failure is { Kind: not FailureKind.Infrastructure });
        return new(name, results.Count, results.Count - graded.Length, failures, graded.Length == 0 ? null : Range(graded));
    }

    // Right and wrong answers that stand alone have a range that holds for few of them, too; it never passes 0 or 1.
    private static Interval Range((double Score, string Cluster)[] graded) =>
        graded.All(static g => g.Score is 0 or 1) && graded.DistinctBy(static g => g.Cluster, StringComparer.Ordinal).Count() == graded.Length
            ? Interval.OfRate(graded.Count(static g => g.Score is 1), graded.Length)
            : Interval.OfMean(graded);

    private static double? Median(double[] values)
    {
        if (values.Length == 0) return null;
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
