using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>What some graders need beyond the answer. A suite is read without it, and bound to it before it is run.</summary>
public sealed record GradingServices
{
    /// <summary>Turns texts into vectors, for <c>embedding</c>; null when there is none.</summary>
    public IEmbeddings? Embeddings { get; init; }

    /// <summary>Judges answers, for <c>judge</c>; null when there is none.</summary>
    public Judge? Judge { get; init; }

    /// <summary>A suite whose graders use these services, and those that it was bound to before.</summary>
    /// <param name="suite">The suite as read.</param>
    public EvaluationSuite Bind(EvaluationSuite suite)
    {
        ArgumentNullException.ThrowIfNull(suite);
        return suite with { Prompts = [.. suite.Prompts.Select(p => p with { Graders = [.. p.Graders.Select(g => g with { Grader = g.Grader.With(this) })] })] };
    }
}
