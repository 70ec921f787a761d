using System.Net.Http.Headers;
using Slipway.Commands.Keys;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;

namespace Slipway.Commands.Evaluating;

/// <summary>A model that is asked, and where.</summary>
/// <param name="Name">The name as given.</param>
/// <param name="Chat">Asks it.</param>
internal sealed record AskedModel(string Name, IChat Chat) : IDisposable
{
    private HttpClient? _http;

    /// <summary>Asks it for vectors.</summary>
    public required IEmbeddings Embeddings { get; init; }

    /// <summary>Finds a model.</summary>
    /// <param name="model"><c>NAME</c> for one behind Slipway's gateway, or <c>NAME@URL</c> for one behind any API in OpenAI's form.</param>
    /// <param name="reach">The Slipway of this machine.</param>
    /// <param name="longest">How long an answer may take.</param>
    public static AskedModel Of(string model, Reach reach, TimeSpan longest)
    {
        var at = model.IndexOf("@http", StringComparison.Ordinal);
        var name = at > 0 ? model[..at] : model;
        Uri address;
        if (at > 0)
        {
            if (!Uri.TryCreate(model[(at + 1)..].TrimEnd('/') + "/", UriKind.Absolute, out var given)) throw new CommandFailure(ExitCodes.Failed, $"{model[(at + 1)..]} is no address.");
            address = given.AbsolutePath.EndsWith("/v1/", StringComparison.Ordinal) ? new Uri(given, "../") : given;
        }
        else
        {
            address = reach.Gateway ?? throw new CommandFailure(ExitCodes.Unreachable, $"There is no gateway on {reach.Data.Path}. Start one with: slipway up{reach.Data.Flag}\nOr name the API: {name}@http://HOST:PORT");
        }

        var http = new HttpClient(new SocketsHttpHandler { UseProxy = at > 0 }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        // OpenAI's key is for who was named, never for the gateway of this machine, whose own is never for anybody else.
        if ((at > 0 ? Environment.GetEnvironmentVariable("OPENAI_API_KEY") : GatewayKey.Of(reach)) is { Length: > 0 } key) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var asked = new OpenAIModel(http, name, TimeProvider.System, longest);
        return new AskedModel(model, new OpenAIChat(asked)) { _http = http, Embeddings = new OpenAIEmbeddings(asked) };
    }

    public void Dispose() => _http?.Dispose();
}
