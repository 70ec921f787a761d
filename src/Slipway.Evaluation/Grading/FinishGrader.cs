using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The answer ended as it should: by itself, if <c>with</c> says nothing else.</summary>
/// <param name="reason">The reason in the words of OpenAI's API: <c>stop</c>, <c>length</c>, <c>tool_calls</c>.</param>
public sealed class FinishGrader(string reason) : AnswerGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new FinishGrader(with.Word("reason", "stop", "length", "tool_calls"));
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public override Grade Grade(Prompt prompt, Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Grading.Grade.Of(answer.FinishReason == reason, $"ended with {answer.FinishReason ?? "nothing"}, not {reason}");
    }
}
