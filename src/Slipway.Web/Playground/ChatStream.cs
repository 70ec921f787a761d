using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>Asks a model through the gateway, and reads the answer as it is made.</summary>
public sealed class ChatStream : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly Func<string, bool>? _may;

    private readonly Func<Uri> _gateway;

    /// <summary>Makes one.</summary>
    /// <param name="gateway">Tells the gateway's address.</param>
    /// <param name="time">The clock, for what is measured.</param>
    /// <param name="handler">Sends the requests; null for the usual one.</param>
    /// <param name="may">Whether a model may be asked; null where all may be.</param>
    public ChatStream(Func<Uri> gateway, TimeProvider time, HttpMessageHandler? handler = null, Func<string, bool>? may = null)
    {
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        (_gateway, _time, _may) = (gateway, time, may);
    }

    /// <summary>The key by which the gateway lets in; null for none.</summary>
    public string? Key
    {
        init
        {
            if (value is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", value);
        }
    }

    /// <summary>Asks.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">Stops the answer; the engine stops too.</param>
    /// <returns>The answer so far, again and again.</returns>
    /// <exception cref="InvalidOperationException">The gateway refused; the message says why.</exception>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public async IAsyncEnumerable<ChatAnswer> AskAsync(ChatQuestion question, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (_may?.Invoke(question.Model) == false) throw new InvalidOperationException(T("There is no model {0} that you may see. The list of deployments has those that there are.", question.Model));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway(), "v1/chat/completions"))
        {
            Content = new ByteArrayContent(question.ToJson()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        var answer = new ChatAnswer();
        var began = _time.GetTimestamp();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await RefusalAsync(stream, (int)response.StatusCode, cancellationToken));

        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]") break;
            var chunk = JsonNode.Parse(item.Data);
            // An engine that fails in the middle of an answer says so as an event: the answer began, so that no status can.
            if (chunk is JsonObject { } map && map["error"] is { } fault) throw new InvalidOperationException((fault as JsonObject)?["message"]?.ToString() ?? fault.ToString());
            answer = answer.With(chunk, _time.GetElapsedTime(began));
            yield return answer;
        }

        yield return answer with { Done = true };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string> RefusalAsync(Stream stream, int status, CancellationToken cancellationToken)
    {
        try
        {
            return (string?)(await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken))?["error"]?["message"] ?? T("The gateway answered {0}.", status);
        }
        catch (JsonException)
        {
            return T("The gateway answered {0} without saying why.", status);
        }
    }
}
