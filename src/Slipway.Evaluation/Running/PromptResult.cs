using System.Collections.Immutable;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Running;

/// <summary>What came of one prompt.</summary>
/// <param name="PromptId">The prompt.</param>
/// <param name="Score">From 0, wrong, to 1, right; null when it is missing: infrastructure failed, or a grader could not grade.</param>
/// <param name="Reason">Why it is not right, or why it is missing; empty when it is right.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Grades">What each grader said; empty when there was no answer to grade.</param>
/// <param name="At">When.</param>
public sealed record PromptResult(string PromptId, double? Score, string Reason, Answer Answer, ImmutableArray<GraderScore> Grades, DateTimeOffset At)
{
    /// <summary>Whether it is missing: neither right nor wrong.</summary>
    public bool IsMissing => Score is null;
}

/// <summary>What one grader said.</summary>
/// <param name="Name">The grader.</param>
/// <param name="Score">From 0 to 1; null when it could not grade.</param>
/// <param name="Reason">Why.</param>
public sealed record GraderScore(string Name, double? Score, string Reason);
