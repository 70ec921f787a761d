using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Metrics;

/// <summary>
/// What tells one kind of request from another, with the names that kube-apiserver gives them. Only resources that are served have
/// labels of their own, so that no client can make up series.
/// </summary>
internal readonly record struct RequestLabels(string Verb, string Group, string Version, string Resource, string Subresource, string Scope)
{
    private static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    /// <summary>Gets whether answering takes as long as the client likes, so that its duration says nothing.</summary>
    public bool LongRunning => Verb == "WATCH" || Subresource is "log";

    public bool Mutating => Verb is "POST" or "PUT" or "PATCH" or "APPLY" or "DELETE" or "DELETECOLLECTION";

    public static RequestLabels Of(HttpRequest http, ApiRequest? request)
    {
        var method = s_methods.FirstOrDefault(m => m == http.Method) ?? "other";
        if (request is null) return new(method, "", "", "", "", "");
        var verb = (method, request.Target.Name) switch
        {
            ("GET", _) when request.Flag("watch") => "WATCH",
            ("GET", null) => "LIST",
            ("DELETE", null) => "DELETECOLLECTION",
            ("PATCH", _) when http.ContentType?.StartsWith("application/apply-patch", StringComparison.Ordinal) == true => "APPLY",
            _ => method,
        };
        // A subresource that no resource has was refused; it gets no series.
        var known = request.Target.Subresource is null or "status" or "scale" or "finalize" or "binding" or "eviction" or "log" or "token" or "ephemeralcontainers" or "resize";
        return new(verb, request.Type.Group, request.Version.Name, request.Type.Plural, known ? request.Target.Subresource ?? "" : "other",
            request.Target.Name is not null ? "resource" : request.Target.Namespace is not null ? "namespace" : "cluster");
    }
}
