using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The contrary of another grader: its 1 is 0. What that one could not grade, this one cannot either.</summary>
/// <param name="type">The other's type.</param>
/// <param name="inner">The other.</param>
public sealed class NotGrader(string type, IGrader inner) : IGrader
{
    /// <summary>The type of the grader whose contrary it is.</summary>
    internal string Type => type;

    internal static IGrader Read(Fields with)
    {
        var type = with.Text("type") ?? "";
        var grader = type == "not" ? null : GraderCatalog.Create(type, with.Object("with"));
        with.Done();
        if (grader is null) with.Problem("type", $"is one of {string.Join(", ", GraderCatalog.Types.Where(static t => t != "not"))}: the grader whose contrary it is");
        return new NotGrader(type, grader ?? new FinishGrader("stop"));
    }

    /// <inheritdoc/>
    public IGrader With(GradingServices services) => new NotGrader(type, inner.With(services));

    /// <inheritdoc/>
    public void Check(IReadOnlyList<string> expected, Action<string> problem) => inner.Check(expected, problem);

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken)
    {
        var grade = await inner.GradeAsync(prompt, answer, cancellationToken);
        return grade.Score is not { } score ? grade : score == 0 ? Grade.Right() : new(1 - score, $"passes {type}, and should not: {Quote.One(answer.Text)}");
    }
}
