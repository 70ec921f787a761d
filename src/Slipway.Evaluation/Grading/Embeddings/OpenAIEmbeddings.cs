using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Grading.Embeddings;

/// <summary>Asks an embedding model by OpenAI's <c>/v1/embeddings</c>; again where nobody could be reached or had room, and then no more: the answer is not graded.</summary>
public sealed class OpenAIEmbeddings : IEmbeddings
{
    private const int Attempts = 3;

    private static readonly Uri s_path = new("v1/embeddings", UriKind.Relative);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http;
    private readonly string _model;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;

    /// <summary>Makes one.</summary>
    /// <param name="http">Sends the requests; its base address is that of the API, before <c>v1/</c>, and its own timeout is not to strike.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="longest">How long an answer may take.</param>
    public OpenAIEmbeddings(HttpClient http, string model, TimeProvider time, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(http);
        (_http, _model, _time, _longest) = (http, model, time, longest);
    }

    /// <summary>Headers of every request, beside those of any.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The address of the API, before <c>v1/</c>; that of the client when null.</summary>
    public Uri? Address { get; init; }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_longest, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (vectors, again) = await TryAsync(texts, linked.Token);
                if (!again || attempt == Attempts) return vectors;
                await Task.Delay(attempt * s_pause, _time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception broken) when (broken is IOException or JsonException or InvalidOperationException or FormatException)
        {
            // What came is no list of vectors.
            return null;
        }
    }

    private async Task<(ImmutableArray<ImmutableArray<float>>? Vectors, bool Again)> TryAsync(ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["model"] = _model, ["input"] = new JsonArray([.. texts.Select(static t => (JsonNode)JsonValue.Create(t))]), ["encoding_format"] = "float" };
        using var request = new HttpRequestMessage(HttpMethod.Post, Address is null ? s_path : new Uri(Address, s_path))
        {
            Content = new StringContent(body.ToJsonString()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) return (null, response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (Read(await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken), texts.Length), false);
        }
        catch (HttpRequestException)
        {
            return (null, true);
        }
    }

    private static ImmutableArray<ImmutableArray<float>>? Read(JsonNode? answer, int count)
    {
        if (answer?["data"] is not JsonArray data || data.Count != count) return null;
        var vectors = new ImmutableArray<float>[count];
        foreach (var (at, one) in data.Index())
        {
            // In their order, unless it is said otherwise.
            var index = (int?)one?["index"] ?? at;
            if (index < 0 || index >= count || !vectors[index].IsDefault || one?["embedding"] is not JsonArray numbers) return null;
            vectors[index] = [.. numbers.Select(static n => (float)n!)];
        }

        return [.. vectors];
    }
}
