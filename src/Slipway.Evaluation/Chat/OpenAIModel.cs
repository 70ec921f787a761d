using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Evaluation.Chat;

/// <summary>A model behind OpenAI's API: where it is, what it is called there, and how long it may take. Chats and embeddings ask by it.</summary>
/// <param name="Http">Sends the requests; its base address is that of the API, before <c>v1/</c>, and its own timeout is not to strike.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Time">The clock.</param>
/// <param name="Longest">How long an answer may take.</param>
public sealed record OpenAIModel(HttpClient Http, string Name, TimeProvider Time, TimeSpan Longest)
{
    /// <summary>Headers of every request, beside those of any.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The address of the API, before <c>v1/</c>; that of the client when null.</summary>
    public Uri? Address { get; init; }

    /// <summary>Sends a question, and returns once the head of an answer is there.</summary>
    /// <param name="path">What is asked, from <c>v1/</c> on.</param>
    /// <param name="json">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">Nobody is there.</exception>
    internal async Task<HttpResponseMessage> PostAsync(Uri path, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address is null ? path : new Uri(Address, path))
        {
            Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Whose fault a refusal is, by its status.</summary>
    /// <param name="status">The status.</param>
    internal static FailureKind KindOf(HttpStatusCode status) => (int)status switch
    {
        401 or 403 or 404 or 405 => FailureKind.Setup,
        408 or 429 or 502 or 503 or 504 => FailureKind.Infrastructure,
        >= 400 and < 500 => FailureKind.Request,
        _ => FailureKind.Model,
    };
}
