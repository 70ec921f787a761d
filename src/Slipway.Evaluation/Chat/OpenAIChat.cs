using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Chat;

/// <summary>Asks a model by OpenAI's <c>/v1/chat/completions</c>, streamed, so that the time to the first token can be told; where logarithms are asked for, whole, since streams leave some out.</summary>
/// <param name="model">The model.</param>
public sealed class OpenAIChat(OpenAIModel model) : IChat
{
    // Far above any answer that a suite asks for; an engine that never ends is not to fill the memory.
    private const int MostCharacters = 4_000_000;

    private static readonly Uri s_path = new("v1/chat/completions", UriKind.Relative);

    /// <inheritdoc/>
    public async Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        using var limit = new CancellationTokenSource(model.Longest, model.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var began = model.Time.GetTimestamp();
        var gathered = new StreamedAnswer();
        try
        {
            HttpResponseMessage response;
            try
            {
                response = await model.PostAsync(s_path, QuestionJson.Write(model.Name, question), linked.Token);
            }
            catch (HttpRequestException unreachable)
            {
                return Failed(FailureKind.Infrastructure, $"cannot be reached: {unreachable.Message}");
            }

            using (response)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
                if (!response.IsSuccessStatusCode) return Failed(OpenAIModel.KindOf(response.StatusCode), await RefusalAsync(stream, response.StatusCode, linked.Token), RetryAfter(response));
                if (question.TopLogprobs is not null && response.Content.Headers.ContentType?.MediaType == "application/json")
                {
                    gathered.TakeWhole(await JsonNode.ParseAsync(stream, cancellationToken: linked.Token), model.Time.GetElapsedTime(began));
                    if (gathered.Error is { } wrong) return Failed(FailureKind.Model, $"the engine says that it failed: {wrong}");
                    return gathered.ToAnswer(model.Time.GetElapsedTime(began)) is { FinishReason: not null } whole ? whole : Failed(FailureKind.Model, "what came is no chat completion");
                }

                await foreach (var item in SseParser.Create(stream).EnumerateAsync(linked.Token))
                {
                    if (item.Data == "[DONE]") break;
                    gathered.Take(JsonNode.Parse(item.Data), model.Time.GetElapsedTime(began));
                    if (gathered.Error is { } error) return Failed(FailureKind.Model, $"the engine broke off: {error}");
                    if (gathered.Length > MostCharacters) return Failed(FailureKind.Model, $"the answer is longer than {MostCharacters} characters");
                }
            }

            var answer = gathered.ToAnswer(model.Time.GetElapsedTime(began));
            return answer.FinishReason is null ? answer with { Failure = new Failure(FailureKind.Model, "the stream ended before the answer did") } : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(FailureKind.Model, FormattableString.Invariant($"no end of an answer within {model.Longest.TotalSeconds:0.#} s"));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return Failed(FailureKind.Model, $"the stream broke off: {broken.Message}");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            return Failed(FailureKind.Model, $"what came is no chat completion: {wrong.Message}");
        }

        Answer Failed(FailureKind kind, string reason, TimeSpan? retryAfter = null) =>
            gathered.ToAnswer(model.Time.GetElapsedTime(began)) with { Failure = new Failure(kind, reason) { RetryAfter = retryAfter } };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date is { } date ? date - model.Time.GetUtcNow() : null) : null;

    private static async Task<string> RefusalAsync(Stream stream, HttpStatusCode status, CancellationToken cancellationToken)
    {
        // A refusal is a sentence or two; a page of HTML says no more than its status does.
        var buffer = new byte[16_384];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            var error = JsonNode.Parse(buffer.AsSpan(0, read))?["error"];
            if ((error is JsonObject ? error["message"] : error) is JsonValue message && message.TryGetValue<string>(out var text)) return $"{(int)status}: {text}";
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Said below.
        }

        return $"{(int)status} {status}";
    }
}
