using System.Net;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>An open watch, read event by event.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private Watching(HttpResponseMessage response, StreamReader lines)
    {
        _response = response;
        _lines = lines;
    }

    public static async Task<Watching> OpenAsync(TestServer server, string pathAndQuery, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, pathAndQuery) { Version = HttpVersion.Version20 };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <returns>Type and object of the next event, or <see langword="null"/> when the stream has ended.</returns>
    public async Task<(string Type, JsonNode Object)?> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            var json = JsonNode.Parse(line)!;
            // Every namespace gets this map at some moment after its creation; the tests are about objects of their own.
            if (!NameOf(json["object"]!).Contains("kube-root-ca.crt", StringComparison.Ordinal)) return ((string)json["type"]!, json["object"]!);
        }

        return null;
    }

    private static string NameOf(JsonNode shown) => (string?)(shown["metadata"]?["name"] ?? shown["rows"]?[0]?["object"]?["metadata"]?["name"]) ?? "";

    public async Task<string> NextNameAsync()
    {
        var (type, item) = (await NextAsync()).GetValueOrDefault();
        return $"{type} {item["metadata"]?["name"]}";
    }

    /// <summary>Reads on to an event, past changes that a cluster's controllers may make in between.</summary>
    public async Task UntilAsync(string expected)
    {
        string next;
        do next = await NextNameAsync();
        while (next != expected && next.StartsWith("MODIFIED", StringComparison.Ordinal));
        Assert.Equal(expected, next);
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
