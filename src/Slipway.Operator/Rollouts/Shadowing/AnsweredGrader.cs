using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Where nobody grades, whatever is answered will do.</summary>
internal sealed class AnsweredGrader : AnswerGrader
{
    public override Grade Grade(Prompt prompt, Answer answer) => Evaluation.Grading.Grade.Right();
}
