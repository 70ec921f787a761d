namespace Slipway.Evaluation.Chat;

/// <summary>Asks again while infrastructure fails: nobody there, no room, no backend.</summary>
/// <param name="chat">Asks once.</param>
/// <param name="time">The clock.</param>
public sealed class PatientChat(IChat chat, TimeProvider time) : IChat
{
    /// <summary>How often it is asked at the most.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>How long to wait after the first failure; twice as long after each further one, unless the server says how long.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var pause = Pause;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await chat.AskAsync(question, cancellationToken);
            if (answer.Failure is not { Kind: FailureKind.Infrastructure } failure || attempt >= Attempts) return answer;
            var asked = failure.RetryAfter is { } after && after > TimeSpan.Zero ? after : pause;
            await Task.Delay(asked < LongestPause ? asked : LongestPause, time, cancellationToken);
            pause *= 2;
        }
    }
}
