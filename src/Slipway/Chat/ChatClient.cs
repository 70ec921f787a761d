using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Commands;

namespace Slipway.Chat;

/// <summary>Asks a model through the gateway, and reads the answer as it is made.</summary>
internal sealed class ChatClient(Uri gateway) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };

    public async IAsyncEnumerable<ChatPiece> AskAsync(
        ChatSettings settings, IReadOnlyList<ChatMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new ByteArrayContent(Body(settings, messages)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw await RefusalAsync(stream, (int)response.StatusCode, cancellationToken);

        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]") yield break;
            var chunk = JsonNode.Parse(item.Data);
            if (chunk?["choices"] is JsonArray { Count: > 0 } choices && (string?)choices[0]?["delta"]?["content"] is { Length: > 0 } text)
                yield return new ChatPiece(text);
            if (chunk?["usage"]?["completion_tokens"] is { } tokens) yield return new ChatPiece("", (int)tokens);
        }
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Body(ChatSettings settings, IReadOnlyList<ChatMessage> messages)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("model", settings.Model);
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
            if (settings.Temperature is { } temperature) writer.WriteNumber("temperature", temperature);
            if (settings.MaxTokens is { } most) writer.WriteNumber("max_tokens", most);
            writer.WriteStartArray("messages");
            foreach (var message in messages)
            {
                writer.WriteStartObject();
                writer.WriteString("role", message.Role);
                writer.WriteString("content", message.Content);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static async Task<CommandFailure> RefusalAsync(Stream stream, int status, CancellationToken cancellationToken)
    {
        try
        {
            var error = await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
            return new CommandFailure(ExitCodes.Failed, (string?)error?["error"]?["message"] ?? $"The gateway answered {status}.");
        }
        catch (JsonException)
        {
            return new CommandFailure(ExitCodes.Failed, $"The gateway answered {status} without saying why.");
        }
    }
}
