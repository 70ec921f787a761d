using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A gateway that says what a test says, when it says it.</summary>
internal sealed class SlowGateway : HttpMessageHandler
{
    private readonly ConcurrentQueue<Pipe> _answers = new();

    /// <summary>The models that were asked.</summary>
    public ConcurrentQueue<string> Models { get; } = new();

    /// <summary>What was asked.</summary>
    public ConcurrentQueue<JsonNode> Bodies { get; } = new();

    public HttpRequestException? Fault { get; set; }

    /// <summary>Goes on with every answer.</summary>
    public void Say(string text) => Write(new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["content"] = text } }) }.ToJsonString());

    /// <summary>Goes on with every answer by a delta of OpenAI's API.</summary>
    public void Send(string delta) => Write($$"""{"choices":[{"delta":{{delta}}}]}""");

    /// <summary>Ends every answer.</summary>
    public void End() => Write("[DONE]");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Fault is not null) throw Fault;
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var pipe = new Pipe();
        _answers.Enqueue(pipe);
        Bodies.Enqueue(body);
        Models.Enqueue((string)body["model"]!);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(pipe.Reader.AsStream()) };
    }

    private void Write(string data)
    {
        foreach (var answer in _answers)
        {
            var bytes = Encoding.UTF8.GetBytes($"data: {data}\n\n");
            bytes.CopyTo(answer.Writer.GetSpan(bytes.Length));
            answer.Writer.Advance(bytes.Length);
            _ = answer.Writer.FlushAsync(CancellationToken.None).AsTask();
        }
    }
}
