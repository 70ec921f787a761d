using System.Text;
using Slipway.Commands;
using Slipway.Web.Playground;

namespace Slipway.Chat;

/// <summary>Puts questions and answers on the terminal.</summary>
internal static class ChatScreen
{
    /// <summary>Asks one question; the answer alone goes to standard output, so that it can be piped.</summary>
    public static async Task<int> AskOnceAsync(ChatStream client, ChatOptions settings, string question, CancellationToken cancellationToken)
    {
        if (question.Length == 0) throw new CommandFailure(ExitCodes.Failed, "There is no question: give one, or type without input redirection.");
        await AnswerAsync(client, settings, [.. Opening(settings), new ChatTurn("user", question)], new StringBuilder(), cancellationToken);
        return ExitCodes.Ok;
    }

    public static async Task<int> ConverseAsync(ChatStream client, ChatOptions settings, CancellationToken leave)
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

    private static List<ChatTurn> Opening(ChatOptions settings) => settings.System is { } text ? [new ChatTurn("system", text)] : [];

    private static async Task TurnAsync(ChatStream client, ChatOptions settings, List<ChatTurn> messages, string question)
    {
        messages.Add(new ChatTurn("user", question));
        using var turn = Interrupt.BeginTurn();
        var answer = new StringBuilder();
        try
        {
            await AnswerAsync(client, settings, messages, answer, turn.Token);
            messages.Add(new ChatTurn("assistant", answer.ToString()));
        }
        catch (OperationCanceledException) when (turn.Token.IsCancellationRequested)
        {
            // What was said so far is part of the conversation.
            messages.Add(new ChatTurn("assistant", answer.ToString()));
            await Console.Error.WriteLineAsync("\n(stopped)");
        }
        catch (Exception failure) when (failure is CommandFailure or HttpRequestException or IOException)
        {
            messages.RemoveAt(messages.Count - 1);
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
        }
    }

    private static async Task AnswerAsync(
        ChatStream client, ChatOptions settings, IReadOnlyList<ChatTurn> turns, StringBuilder answer, CancellationToken cancellationToken)
    {
        ChatAnswer? last = null;
        try
        {
            await foreach (var next in client.AskAsync(new ChatQuestion(settings.Model, turns) { Temperature = settings.Temperature, MaxTokens = settings.MaxTokens }, cancellationToken))
            {
                var piece = next.Text[answer.Length..];
                answer.Append(piece);
                await Console.Out.WriteAsync(piece);
                await Console.Out.FlushAsync(cancellationToken);
                last = next;
            }
        }
        catch (InvalidOperationException refused)
        {
            throw new CommandFailure(ExitCodes.Failed, refused.Message);
        }

        await Console.Out.WriteLineAsync();
        if (last is { Tokens: > 0, FirstToken: { } wait } && !Console.IsErrorRedirected)
            await Console.Error.WriteLineAsync($"({last.Tokens} tokens in {last.Elapsed.TotalSeconds:0.00} s, first after {wait.TotalMilliseconds:0} ms)");
    }
}
