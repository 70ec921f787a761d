using System.Text;
using Slipway.Evaluation.Chat;

namespace Slipway.Operator.Rollouts.Budgets;

/// <summary>Asks a model and counts what that takes, before it is asked and after it has answered.</summary>
/// <param name="chat">Asks it.</param>
/// <param name="meter">Counts.</param>
internal sealed class MeteredChat(IChat chat, AskMeter meter) : IChat
{
    /// <inheritdoc/>
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        meter.Ask();
        var answer = await chat.AskAsync(question, cancellationToken);
        meter.Answer(Tokens(question, answer));
        return answer;
    }

    // A token is a byte at the least, so that what an engine does not say is counted as no less than it was.
    private static long Tokens(Question question, Answer answer)
    {
        if (answer.PromptTokens is null && answer.CompletionTokens is null && answer.Failure is { Kind: not FailureKind.Model }) return 0;
        return (answer.PromptTokens ?? question.Messages.Sum(static m => (long)Encoding.UTF8.GetByteCount(m.Content))) + (answer.CompletionTokens ?? question.Settings.MaxTokens);
    }
}
