using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Scheduling.Tests.Harness;

/// <summary>A Kubernetes API as a test speaks to it: JSON over HTTP, with none of the product's code in between.</summary>
/// <param name="http">The way to it, as an administrator.</param>
internal sealed class Api(HttpClient http)
{
    // A cluster's controllers take their time: the scheduler alone tries again after up to 10 s.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20 };
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        using var response = await http.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new RefusalException(response.StatusCode, text);
    }

    public Task<JsonObject> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Reads an object; null when it is not there.</summary>
    public async Task<JsonObject?> TryGetAsync(string path)
    {
        try
        {
            return await GetAsync(path);
        }
        catch (RefusalException refusal) when (refusal.Code is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes at once, whoever else has a word in it; nothing when it is gone.</summary>
    public async Task DeleteAsync(string path)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, $"{path}?gracePeriodSeconds=0&propagationPolicy=Background");
        }
        catch (RefusalException refusal) when (refusal.Code is HttpStatusCode.NotFound)
        {
            // Gone by itself.
        }
    }

    public Task<JsonObject> MergeAsync(string path, JsonNode patch) => SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    /// <summary>Watches a collection until something holds of it.</summary>
    /// <param name="collection">Its path.</param>
    /// <param name="holds">What is waited for.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="labels">Which of its objects.</param>
    /// <param name="patience">How long.</param>
    /// <param name="fails">Whether the test fails when it is too long.</param>
    /// <returns>The objects at that moment.</returns>
    public async Task<IReadOnlyList<JsonObject>> UntilAsync(string collection, Func<IReadOnlyList<JsonObject>, bool> holds, string what, string labels = "", TimeSpan? patience = null, bool fails = true)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(patience ?? s_patience);
        IReadOnlyList<JsonObject> now = [];
        try
        {
            while (true)
            {
                var list = await GetAsync($"{collection}?labelSelector={labels}");
                var objects = list["items"]!.AsArray().Select(static i => i!.AsObject()).ToDictionary(static i => (string)i["metadata"]!["uid"]!);
                if (holds(now = [.. objects.Values])) return now;
                await foreach (var (type, item) in WatchAsync($"{collection}?watch=true&labelSelector={labels}&resourceVersion={list["metadata"]!["resourceVersion"]}", late.Token))
                {
                    if (type is "ERROR") break;
                    var uid = (string)item["metadata"]!["uid"]!;
                    if (type is "DELETED") objects.Remove(uid);
                    else objects[uid] = item;
                    if (holds(now = [.. objects.Values])) return now;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            if (fails) Assert.Fail($"not within {(patience ?? s_patience).TotalSeconds} s: {what}\nnow in {collection}:\n{string.Join('\n', now.Select(static n => n.ToJsonString()))}");
            return now;
        }
    }

    private async IAsyncEnumerable<(string Type, JsonObject Item)> WatchAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = HttpVersion.Version20 };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode) yield break;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            var json = JsonNode.Parse(line)!;
            yield return ((string)json["type"]!, json["object"]!.AsObject());
        }
    }
}

/// <summary>The API said no.</summary>
internal sealed class RefusalException(HttpStatusCode code, string message) : Exception($"{(int)code}: {message}")
{
    public HttpStatusCode Code { get; } = code;
}
