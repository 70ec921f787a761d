using System.Collections.Concurrent;
using System.Net;

namespace Slipway.Integration.Tests.Install;

/// <summary>Notes which rights requests needed, and which were refused.</summary>
internal sealed class Used : DelegatingHandler
{
    private readonly ConcurrentDictionary<(string Group, string Resource, string Verb), bool> _rights = [];
    private readonly ConcurrentBag<string> _refused = [];

    public IEnumerable<(string Group, string Resource, string Verb)> Rights => _rights.Keys;

    public IEnumerable<string> Refused => _refused;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Of(request) is { } right) _rights[right] = true;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            _refused.Add($"{request.Method} {request.RequestUri}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return response;
    }

    // What a server serves, everybody who is known may ask.
    private static (string, string, string)? Of(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        var path = uri.AbsolutePath.Trim('/').Split('/');
        if (path is ["version"]) return null;
        var group = path[0] == "api" ? "" : path[1];
        var rest = path[(path[0] == "api" ? 2 : 3)..];
        if (rest.Length == 0) return null;
        if (rest is ["namespaces", _, _, ..]) rest = rest[2..];
        var verb = request.Method.Method switch
        {
            "GET" when rest.Length > 1 => "get",
            "GET" => uri.Query.Contains("watch=", StringComparison.Ordinal) ? "watch" : "list",
            "POST" => "create",
            "PUT" => "update",
            var other => other.ToLowerInvariant(),
        };
        return (group, rest.Length > 2 ? $"{rest[0]}/{rest[2]}" : rest[0], verb);
    }
}
