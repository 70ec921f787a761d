using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Running;

/// <summary>Asks a gateway.</summary>
internal static class Ask
{
    public const string Sum = "What is 17 + 25?";

    public static async Task<string?> WholeAsync(Uri gateway, string model, string question)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(gateway, "v1/chat/completions"), Body(model, question, stream: false), TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return (string?)JsonNode.Parse(answer)!["choices"]![0]!["message"]!["content"];
    }

    public static async Task<(string Text, int Pieces)> StreamedAsync(Uri gateway, string model, string question)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "v1/chat/completions")) { Content = Body(model, question, stream: true) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = new StringBuilder();
        var pieces = 0;
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            if (item.Data == "[DONE]") break;
            if ((string?)JsonNode.Parse(item.Data)!["choices"]?.AsArray().FirstOrDefault()?["delta"]?["content"] is not { Length: > 0 } piece) continue;
            text.Append(piece);
            pieces++;
        }

        return (text.ToString(), pieces);
    }

    public static async Task<(HttpStatusCode Status, JsonNode? Body)> StatusAsync(Uri gateway, string model)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var response = await client.PostAsync(new Uri(gateway, "v1/chat/completions"), Body(model, Sum, stream: false), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken));
    }

    private static StringContent Body(string model, string question, bool stream) => new(
        new JsonObject
        {
            ["model"] = model,
            ["temperature"] = 0,
            ["max_tokens"] = 64,
            ["stream"] = stream,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
        }.ToJsonString(),
        Encoding.UTF8,
        "application/json");
}
