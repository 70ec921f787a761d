using Slipway.Evaluation.Chat;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>The candidate, asked what a user asked: nothing at all is no answer where the user got one.</summary>
/// <param name="candidate">The candidate.</param>
/// <param name="got">What the user got.</param>
internal sealed class ReplayChat(IChat candidate, Answer got) : IChat
{
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var answer = await candidate.AskAsync(question, cancellationToken);
        return answer.Failure is null && Says(got) && !Says(answer) ? answer with { Failure = new Failure(FailureKind.Model, "it answered nothing where the user got an answer") } : answer;
    }

    private static bool Says(Answer answer) => !string.IsNullOrWhiteSpace(answer.Text) || !answer.ToolCalls.IsEmpty;
}

/// <summary>Answers as it was answered then.</summary>
/// <param name="got">What the user got.</param>
internal sealed class RecordedChat(Answer got) : IChat
{
    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(got);
}
