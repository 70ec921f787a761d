using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading.Embeddings;

/// <summary>Whether a suite may be graded by embeddings.</summary>
public static class EmbeddingRules
{
    /// <summary>Checks a suite.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="named">Whether an embedding model is named.</param>
    /// <returns>Whether it wants one, and what stands in the way, as the beginning of a sentence; null for nothing.</returns>
    public static (bool Wants, string? Problem) Check(EvaluationSuite suite, bool named)
    {
        ArgumentNullException.ThrowIfNull(suite);
        var wanted = suite.Prompts.Count(static p => p.Graders.Any(static g => g.Is("embedding")));
        return (wanted > 0, wanted == 0 || named ? null : $"{wanted} prompts of {suite.Name} are graded by embeddings");
    }
}
