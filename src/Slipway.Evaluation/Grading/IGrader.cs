using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>Says how good an answer is.</summary>
public interface IGrader
{
    /// <summary>Grades.</summary>
    /// <param name="prompt">What was asked, with what is expected.</param>
    /// <param name="answer">What was answered; never one with a <see cref="Answer.Failure"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken);

    /// <summary>Looks over what a prompt expects when the suite is read, so that nothing is asked that cannot be graded.</summary>
    /// <param name="expected">What the prompt expects.</param>
    /// <param name="problem">Takes what is wrong, as a sentence.</param>
    void Check(IReadOnlyList<string> expected, Action<string> problem);

    /// <summary>The grader with what it needs beyond the answer; itself when it needs nothing.</summary>
    /// <param name="services">What there is.</param>
    IGrader With(GradingServices services) => this;
}

/// <summary>A grader that needs nothing but the answer.</summary>
public abstract class AnswerGrader : IGrader
{
    /// <summary>Grades.</summary>
    /// <param name="prompt">What was asked, with what is expected.</param>
    /// <param name="answer">What was answered.</param>
    public abstract Grade Grade(Prompt prompt, Answer answer);

    /// <inheritdoc/>
    public virtual void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
    }

    /// <inheritdoc/>
    public ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken) => new(Grade(prompt, answer));
}

/// <summary>A grade.</summary>
/// <param name="Score">From 0, wrong, to 1, right; null when it could not be graded, which is neither.</param>
/// <param name="Reason">Why, in words that name what was found and what was expected.</param>
public sealed record Grade(double? Score, string Reason)
{
    /// <summary>Right.</summary>
    public static Grade Right(string reason = "") => new(1, reason);

    /// <summary>Wrong.</summary>
    public static Grade Wrong(string reason) => new(0, reason);

    /// <summary>Right or wrong.</summary>
    /// <param name="right">Which.</param>
    /// <param name="otherwise">Why not, if it is wrong.</param>
    public static Grade Of(bool right, string otherwise) => right ? Right() : Wrong(otherwise);

    /// <summary>Not graded: the grader could not do its work.</summary>
    public static Grade None(string reason) => new(null, reason);
}

/// <summary>A grader as a suite uses it.</summary>
/// <param name="Name">What tables call it; its type when the suite gives no name.</param>
/// <param name="Type">Its type, as in a suite: <c>exact</c>.</param>
/// <param name="Grader">The grader.</param>
public sealed record GraderUse(string Name, string Type, IGrader Grader)
{
    /// <summary>How much it weighs beside others; 0 for one that is only critical.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether it is of a type, or the contrary of it.</summary>
    internal bool Is(string type) => Type == type || (Grader is NotGrader contrary && contrary.Type == type);

    /// <summary>Whether a score of 0 makes the whole answer wrong, whatever the others say.</summary>
    public bool Critical { get; init; }
}
