using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Models.Tests.Hub;

/// <summary>The hub's search as a handler: rows by task, pages with a <c>Link</c>, entity tags, and answers to order.</summary>
internal sealed class StubHub : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _orders = new();

    /// <summary>Rows by <c>pipeline_tag</c>; under the empty name those for requests without one.</summary>
    public Dictionary<string, JsonArray> Rows { get; } = new(StringComparer.Ordinal);

    public List<HttpRequestMessage> Calls { get; } = [];

    /// <summary>Origin that the <c>Link</c> names; null for the one that was asked.</summary>
    public string? LinkOrigin { get; set; }

    /// <summary>Value of <c>RateLimit</c> in good answers.</summary>
    public string? RateLimit { get; set; }

    public bool Down { get; set; }

    public IEnumerable<string> Queries => Calls.Select(static c => Uri.UnescapeDataString(c.RequestUri!.Query));

    /// <summary>The next answer, instead of the truth.</summary>
    public StubHub Order(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        _orders.Enqueue(answer);
        return this;
    }

    public StubHub Order(int status, string body = "", params (string Name, string Value)[] headers) => Order(_ => Response(status, Encoding.UTF8.GetBytes(body), headers));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Calls) Calls.Add(request);
        if (Down) throw new HttpRequestException("Connection refused");
        return Task.FromResult(_orders.TryDequeue(out var order) ? order(request) : Answer(request));
    }

    public static HttpResponseMessage Response(int status, byte[] body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
        response.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        if (request.RequestUri!.AbsolutePath != "/api/models") return Response(404, "{\"error\":\"Sorry, we can't find the page you are looking for.\"}"u8.ToArray());
        var query = request.RequestUri.Query.TrimStart('?').Split('&').Select(static p => p.Split('=', 2))
            .GroupBy(static p => Uri.UnescapeDataString(p[0]), static p => Uri.UnescapeDataString(p[1]), StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal);
        var rows = Rows.GetValueOrDefault(query.GetValueOrDefault("pipeline_tag", ""), []);
        var limit = int.Parse(query["limit"], CultureInfo.InvariantCulture);
        var from = query.TryGetValue("cursor", out var cursor) ? int.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(cursor)), CultureInfo.InvariantCulture) : 0;
        var page = new JsonArray([.. rows.Skip(from).Take(limit).Select(static r => r!.DeepClone())]).ToJsonString();
        var tag = $"W/\"{page.Length:x}-{from}\"";
        var headers = new List<(string, string)> { ("ETag", tag) };
        if (RateLimit is { } left) headers.Add(("RateLimit", left));
        if (from + limit < rows.Count)
        {
            var next = Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{from + limit}")));
            headers.Add(("Link", $"<{LinkOrigin ?? request.RequestUri.GetLeftPart(UriPartial.Authority)}/api/models?limit={limit}&cursor={next}>; rel=\"next\""));
        }

        return request.Headers.TryGetValues("If-None-Match", out var known) && known.Contains(tag)
            ? Response(304, [], [.. headers])
            : Response(200, Encoding.UTF8.GetBytes(page), [.. headers]);
    }
}
