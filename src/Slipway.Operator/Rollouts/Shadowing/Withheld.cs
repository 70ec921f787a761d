using System.Globalization;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>
/// Pairs of recorded requests as evidence keeps them: grades and figures, and no texts. What users said is kept by the rules of the namespace's recordings, encrypted and for a time; evidence is kept for longer and for more eyes.
/// </summary>
internal static class Withheld
{
    /// <summary>The prompt without what was said.</summary>
    public static Prompt Of(Prompt prompt) => prompt with { Messages = [new Message("user", $"Recorded request {prompt.Id}; what was said stays in the recordings (slipway recordings export)")], Body = null };

    /// <summary>The result without what was answered, and without reasons, which quote it.</summary>
    public static PromptResult Of(PromptResult result) => result with
    {
        Reason = string.Join("; ", result.Grades.Where(static g => g.Score is not 1).Select(static g => $"{g.Name}: {g.Score?.ToString("0.###", CultureInfo.InvariantCulture) ?? "not graded"}")),
        Grades = [.. result.Grades.Select(static g => g with { Reason = "" })],
        Answer = result.Answer with { Text = "", ToolCalls = [], Logprobs = [], Failure = result.Answer.Failure is { } failure ? failure with { Reason = "it came to nothing" } : null },
    };
}
