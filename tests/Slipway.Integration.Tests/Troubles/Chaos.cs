using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>Disturbs one client's way to the API, and remembers what it wrote.</summary>
internal sealed class Chaos : DelegatingHandler
{
    private readonly ConcurrentDictionary<WatchTap, bool> _watches = new();

    /// <summary>Answers a request in the server's place, or lets it through with null; may throw.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>>? Instead { get; set; }

    /// <summary>Called with each request that the server has answered, before the client hears of it; may throw.</summary>
    public Action<HttpRequestMessage>? Afterwards { get; set; }

    /// <summary>What a new watch says, line by line: a line that it returns as null is swallowed.</summary>
    public Func<string, string?>? Lines { get; set; }

    /// <summary>The writes that the server took, as "PATCH /apis/...", in order.</summary>
    public ConcurrentQueue<string> Written { get; } = new();

    /// <summary>Everything that was sent to the server.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    public IEnumerable<WatchTap> Watches => _watches.Keys;

    /// <summary>A refusal in the words of a Kubernetes API.</summary>
    public static HttpResponseMessage Refusal(HttpStatusCode code, string reason, TimeSpan? retryAfter = null)
    {
        var answer = new HttpResponseMessage(code)
        {
            Content = new StringContent($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","message":"made up: {{reason}}","code":{{(int)code}}}""", Encoding.UTF8, "application/json"),
        };
        if (retryAfter is { } wait) answer.Headers.RetryAfter = new(wait);
        return answer;
    }

    public static bool IsWrite(HttpRequestMessage request) => request.Method != HttpMethod.Get;

    public static bool IsWatch(HttpRequestMessage request) => request.RequestUri!.Query.Contains("watch=true", StringComparison.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        if (Instead is { } instead && await instead(request, cancellationToken) is { } made) return made;
        Sent.Enqueue(what);
        var answer = await base.SendAsync(request, cancellationToken);
        if (IsWrite(request) && answer.IsSuccessStatusCode) Written.Enqueue(what);
        Afterwards?.Invoke(request);
        if (!IsWatch(request) || !answer.IsSuccessStatusCode) return answer;
        var tap = new WatchTap(answer, Lines, t => _watches.TryRemove(t, out _));
        _watches[tap] = true;
        return tap.Response;
    }
}
