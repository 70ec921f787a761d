using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Running;

/// <summary>Nobody can be asked this way; the message says why.</summary>
/// <param name="message">Why.</param>
public sealed class SetupException(string message) : Exception(message);

/// <summary>Asks one prompt, again when infrastructure fails, and grades the answer.</summary>
/// <param name="time">The clock.</param>
public sealed class PromptRunner(TimeProvider time)
{
    /// <summary>How often a prompt is asked while infrastructure fails, before it is missing.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>How long to wait after the first failure; twice as long after each further one, unless the server says how long.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Asks and grades.</summary>
    /// <param name="chat">The model.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="settings">How it is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SetupException">The model refuses to be asked at all.</exception>
    public async Task<PromptResult> RunAsync(IChat chat, Prompt prompt, RequestSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chat);
        ArgumentNullException.ThrowIfNull(prompt);
        var question = new Question(prompt.Messages, settings) { Tools = prompt.Tools, Body = prompt.Body };
        var answer = await new PatientChat(chat, time) { Attempts = Attempts, Pause = Pause, LongestPause = LongestPause }.AskAsync(question, cancellationToken);
        var now = time.GetUtcNow();
        if (answer.Failure is { } failure)
        {
            return failure.Kind switch
            {
                FailureKind.Setup => throw new SetupException(failure.Reason),
                FailureKind.Infrastructure => new PromptResult(prompt.Id, null, $"missing: {failure.Reason}", answer, [], now),
                _ => new PromptResult(prompt.Id, 0, failure.Reason, answer, [], now),
            };
        }

        var grades = ImmutableArray.CreateBuilder<(GraderUse Use, Grade Grade)>();
        foreach (var use in prompt.Graders) grades.Add((use, await use.Grader.GradeAsync(prompt, answer, cancellationToken)));
        var score = Score.Of(grades.ToImmutable());
        var reasons = grades.Where(static g => g.Grade.Score is not 1).Select(static g => $"{g.Use.Name}: {g.Grade.Reason}");
        return new PromptResult(prompt.Id, score, score is 1 ? "" : string.Join("; ", reasons), answer, [.. grades.Select(static g => new GraderScore(g.Use.Name, g.Grade.Score, g.Grade.Reason))], now);
    }
}
