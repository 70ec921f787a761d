using System.Text;
using Slipway.Commands;

namespace Slipway.Chat;

/// <summary>Puts questions and answers on the terminal.</summary>
internal static class ChatScreen
{
    /// <summary>Asks one question; the answer alone goes to standard output, so that it can be piped.</summary>
    public static async Task<int> AskOnceAsync(ChatClient client, ChatSettings settings, string question, CancellationToken cancellationToken)
    {
        if (question.Length == 0) throw new CommandFailure(ExitCodes.Failed, "There is no question: give one, or type without input redirection.");
        await AnswerAsync(client, settings, [.. Opening(settings), new ChatMessage("user", question)], new StringBuilder(), cancellationToken);
        return ExitCodes.Ok;
    }

    public static async Task<int> ConverseAsync(ChatClient client, ChatSettings settings, CancellationToken leave)
    {
        await Console.Error.WriteLineAsync($"Talking to {settings.Model}. Ctrl-C stops an answer, /new starts over, Ctrl-D leaves.");
        var messages = Opening(settings);
        while (!leave.IsCancellationRequested)
        {
            await Console.Error.WriteAsync("\n> ");
            if (await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(leave) is not { } line) break;
            if (line.Trim() == "/new") messages = Opening(settings);
            else if (line.Trim().Length > 0) await TurnAsync(client, settings, messages, line.Trim());
        }

        return ExitCodes.Ok;
    }

    private static List<ChatMessage> Opening(ChatSettings settings) => settings.System is { } text ? [new ChatMessage("system", text)] : [];

    private static async Task TurnAsync(ChatClient client, ChatSettings settings, List<ChatMessage> messages, string question)
    {
        messages.Add(new ChatMessage("user", question));
        using var turn = Interrupt.BeginTurn();
        var answer = new StringBuilder();
        try
        {
            await AnswerAsync(client, settings, messages, answer, turn.Token);
            messages.Add(new ChatMessage("assistant", answer.ToString()));
        }
        catch (OperationCanceledException) when (turn.Token.IsCancellationRequested)
        {
            // What was said so far is part of the conversation.
            messages.Add(new ChatMessage("assistant", answer.ToString()));
            await Console.Error.WriteLineAsync("\n(stopped)");
        }
        catch (Exception failure) when (failure is CommandFailure or HttpRequestException or IOException)
        {
            messages.RemoveAt(messages.Count - 1);
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
        }
    }

    private static async Task AnswerAsync(
        ChatClient client, ChatSettings settings, IReadOnlyList<ChatMessage> messages, StringBuilder answer, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var asked = time.GetTimestamp();
        TimeSpan? first = null;
        int? tokens = null;
        await foreach (var piece in client.AskAsync(settings, messages, cancellationToken))
        {
            if (piece.Text.Length > 0) first ??= time.GetElapsedTime(asked);
            tokens = piece.Tokens ?? tokens;
            answer.Append(piece.Text);
            await Console.Out.WriteAsync(piece.Text);
            await Console.Out.FlushAsync(cancellationToken);
        }

        await Console.Out.WriteLineAsync();
        if (tokens is { } count && first is { } wait && !Console.IsErrorRedirected)
        {
            await Console.Error.WriteLineAsync($"({count} tokens in {time.GetElapsedTime(asked).TotalSeconds:0.00} s, first after {wait.TotalMilliseconds:0} ms)");
        }
    }
}
