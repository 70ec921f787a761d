using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Embeddings;

/// <summary>Asks an embedding model by OpenAI's <c>/v1/embeddings</c>; again where nobody could be reached or had room, and then no more: the answer is not graded.</summary>
/// <param name="model">The model.</param>
public sealed class OpenAIEmbeddings(OpenAIModel model) : IEmbeddings
{
    private const int Attempts = 7;

    private static readonly Uri s_path = new("v1/embeddings", UriKind.Relative);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(model.Longest, model.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (vectors, again) = await TryAsync(texts, linked.Token);
                if (!again || attempt == Attempts) return vectors;
                await Task.Delay((1 << (attempt - 1)) * s_pause, model.Time, linked.Token);
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
        var body = new JsonObject { ["model"] = model.Name, ["input"] = new JsonArray([.. texts.Select(static t => (JsonNode)JsonValue.Create(t))]), ["encoding_format"] = "float" };
        try
        {
            using var response = await model.PostAsync(s_path, Encoding.UTF8.GetBytes(body.ToJsonString()), cancellationToken);
            if (!response.IsSuccessStatusCode) return (null, OpenAIModel.KindOf(response.StatusCode) is FailureKind.Infrastructure);
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
