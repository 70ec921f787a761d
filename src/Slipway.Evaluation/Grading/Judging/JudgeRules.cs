using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading.Judging;

/// <summary>Why a suite may not be graded as it asks to be.</summary>
public enum JudgeProblem
{
    /// <summary>Nothing stands in the way.</summary>
    None,

    /// <summary>A judge is needed, and none is named.</summary>
    Missing,

    /// <summary>A prompt is graded by a judge and nobody else.</summary>
    Alone,
}

/// <summary>By which rules a suite may be graded by a judge.</summary>
public static class JudgeRules
{
    /// <summary>Whether a suite asks for a judge.</summary>
    /// <param name="suite">The suite.</param>
    public static bool Wants(EvaluationSuite suite)
    {
        ArgumentNullException.ThrowIfNull(suite);
        return suite.Prompts.Any(static p => p.Graders.Any(static g => g.Is("judge")));
    }

    /// <summary>Checks a suite.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="named">Whether a judge is named.</param>
    /// <param name="alone">Whether a judge may be the only one who grades a prompt.</param>
    /// <returns>What stands in the way, and in words.</returns>
    public static (JudgeProblem Problem, string Words) Check(EvaluationSuite suite, bool named, bool alone)
    {
        ArgumentNullException.ThrowIfNull(suite);
        var wanted = suite.Prompts.Where(static p => p.Graders.Any(static g => g.Is("judge"))).ToList();
        if (wanted.Count == 0) return (JudgeProblem.None, "");
        if (!named) return (JudgeProblem.Missing, $"{wanted.Count} prompts of {suite.Name} are graded by a judge");
        return !alone && wanted.Find(static p => p.Graders.All(static g => g.Is("judge") || g.Weight == 0)) is { } only
            ? (JudgeProblem.Alone, $"Prompt {only.Id} of {suite.Name} is graded by a judge alone, and a judge can be talked into anything. Add a grader that is none") : (JudgeProblem.None, "");
    }
}
