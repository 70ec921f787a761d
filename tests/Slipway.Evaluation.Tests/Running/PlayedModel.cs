using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Tests.Running;

/// <summary>A model whose answers are a function of the question.</summary>
internal sealed class PlayedModel(Func<string, Answer> answer) : IChat
{
    public List<string> Asked { get; } = [];

    public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        lock (Asked) Asked.Add(question.Messages[^1].Content);
        return Task.FromResult(answer(question.Messages[^1].Content));
    }

    public static Answer Says(string text, string finish = "stop") => new() { Text = text, FinishReason = finish };

    public static Answer Fails(FailureKind kind, TimeSpan? retryAfter = null) => new() { Failure = new Failure(kind, "it is so") { RetryAfter = retryAfter } };
}
