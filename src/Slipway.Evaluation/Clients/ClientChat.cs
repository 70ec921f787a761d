using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Clients;

/// <summary>
/// Asks a model by any <see cref="IChatClient"/> of Microsoft.Extensions.AI, streamed, so that it can be evaluated, compared or made a judge. The client is the caller's, and not disposed of here.
/// </summary>
/// <remarks>
/// Tools are declared to the model and never run: a client that runs them itself (<c>UseFunctionInvocation</c>) has nothing to run, and hands the calls on. A client that caches or retries hides
/// from the evaluation what it is to find out.
/// </remarks>
public sealed class ClientChat : IChat
{
    // Far above any answer that a suite asks for; a model that never ends is not to fill the memory.
    private const int MostCharacters = 4_000_000;

    private readonly IChatClient _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;

    /// <summary>Makes one.</summary>
    /// <param name="client">Asks the model.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longest">How long an answer may take.</param>
    public ClientChat(IChatClient client, TimeProvider time, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(time);
        (_client, _time, _longest) = (client, time, longest);
    }

    /// <summary>The model's name; the client's own when null.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Whether the client says why an answer ended. Then one that ends without a reason broke off, and counts as wrong; where it never says, what came is taken for whole, and so is an answer that broke off.
    /// </summary>
    public bool SaysWhyItEnds { get; init; } = true;

    /// <summary>
    /// Whose fault an exception of the client's is; null, or a function that gives null, for the usual: by the status of an <see cref="HttpRequestException"/>, and otherwise that of what lies between before
    /// anything came, and the model's after. Clients throw exceptions of their own for a wrong key or too many requests, which only who chose the client can tell apart.
    /// </summary>
    public Func<Exception, FailureKind?>? Whose { get; init; }

    /// <inheritdoc/>
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        using var limit = new CancellationTokenSource(_longest, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var began = _time.GetTimestamp();
        var gathered = new GatheredUpdates();
        if (question.TopLogprobs is not null) return Failed(FailureKind.Setup, "logarithms of probabilities cannot be asked of an IChatClient: take OpenAIChat");
        try
        {
            var messages = question.Messages.Select(static m => new ChatMessage(new ChatRole(m.Role), m.Content));
            await foreach (var update in Updates(messages, question, linked.Token))
            {
                gathered.Take(update, _time.GetElapsedTime(began));
                if (gathered.Error is { } error) return Failed(FailureKind.Model, $"the model broke off: {error}");
                if (gathered.Length > MostCharacters) return Failed(FailureKind.Model, $"the answer is longer than {MostCharacters} characters");
            }

            var answer = gathered.ToAnswer(_time.GetElapsedTime(began));
            if (answer.FinishReason is not null) return answer;
            return SaysWhyItEnds ? Failed(FailureKind.Model, "the stream ended before the answer did") : answer with { FinishReason = answer.ToolCalls.IsEmpty ? "stop" : "tool_calls" };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            return Failed(FailureKind.Model, FormattableString.Invariant($"no end of an answer within {_longest.TotalSeconds:0.#} s"));
        }
        catch (JsonException wrong)
        {
            return Failed(FailureKind.Setup, $"the suite's tools are no tools of OpenAI's form: {wrong.Message}");
        }
        catch (ClientFailure failed)
        {
            var thrown = failed.InnerException!;
            return Failed(Whose?.Invoke(thrown) ?? Usual(thrown, gathered.Any), gathered.Any ? $"the stream broke off: {thrown.Message}" : $"cannot be asked: {thrown.Message}");
        }

        Answer Failed(FailureKind kind, string reason) => gathered.ToAnswer(_time.GetElapsedTime(began)) with { Failure = new Failure(kind, reason) };
    }

    private static FailureKind Usual(Exception thrown, bool any) => thrown switch
    {
        HttpRequestException { StatusCode: { } status } => OpenAIModel.KindOf(status),
        _ => any ? FailureKind.Model : FailureKind.Infrastructure,
    };

    // Whatever a client throws is an answer that did not come; nothing else here is to be taken for that.
    private async IAsyncEnumerable<ChatResponseUpdate> Updates(IEnumerable<ChatMessage> messages, Question question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var updates = _client.GetStreamingResponseAsync(messages, ClientOptions.Of(question, Model), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync()) yield break;
            }
            catch (Exception thrown) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ClientFailure(thrown);
            }

            yield return updates.Current;
        }
    }

    private sealed class ClientFailure(Exception thrown) : Exception(thrown.Message, thrown);
}
