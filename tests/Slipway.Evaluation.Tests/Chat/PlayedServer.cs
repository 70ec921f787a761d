using System.Net;
using System.Text;

namespace Slipway.Evaluation.Tests.Chat;

/// <summary>An engine's API, played: what it answers is a function of the request's body.</summary>
internal sealed class PlayedServer(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<string> Bodies { get; } = [];

    public static HttpResponseMessage Stream(params string[] chunks) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Concat(chunks.Select(static c => $"data: {c}\n\n")))) { Headers = { ContentType = new("text/event-stream") } } };

    public static string Text(string text, string? finish = null) =>
        $$"""{"choices":[{"index":0,"delta":{"content":{{System.Text.Json.JsonSerializer.Serialize(text)}}},"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]}""";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Bodies.Add(body);
        return answer(body);
    }
}
