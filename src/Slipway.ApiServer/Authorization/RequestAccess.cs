using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Authorization;

/// <summary>Says what an HTTP request wants in the terms of roles (Kubernetes documentation, "Determine the request verb").</summary>
internal static class RequestAccess
{
    private const string NameField = "metadata.name";

    public static AccessRequest Of(HttpRequest http, UserInfo user, string path, RequestTarget? target)
    {
        target ??= Beyond(path);
        if (target is null) return AccessRequest.To(user, PathVerb(http.Method), path);
        var name = target.Name ?? "";
        var verb = http.Method switch
        {
            "POST" => "create",
            "GET" or "HEAD" => name.Length > 0 ? "get" : Watches(http.Query) ? "watch" : "list",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
            _ => "",
        };
        // A list that can find but one object is a list of that one, so that a role for a name covers it.
        if (verb is "list" or "watch") name = Selected(http.Query);
        // A namespace lies in itself: who may see all of it may see it.
        var place = target.Namespace ?? (target is { Group: "", Resource: "namespaces", Name: { } own } ? own : "");
        return AccessRequest.To(user, verb, target.Group, target.Resource, name, place, target.Subresource ?? "");
    }

    // What lies below a subresource is a matter of that subresource.
    private static RequestTarget? Beyond(string path)
    {
        if (!path.StartsWith("/api", StringComparison.Ordinal)) return null;
        RequestTarget? target = null;
        for (var end = path.LastIndexOf('/'); target is null && end > 0; end = path.LastIndexOf('/', end - 1)) target = RequestTarget.Parse(path[..end]);
        return target;
    }

    private static bool Watches(IQueryCollection query) => query.TryGetValue("watch", out var values) && values[0] is not ("false" or "0");

    private static string Selected(IQueryCollection query)
    {
        if (!query.TryGetValue("fieldSelector", out var values) || values[0] is not { } text || !text.Contains(NameField, StringComparison.Ordinal)) return "";
        foreach (var part in text.Split(','))
        {
            if (!part.StartsWith(NameField, StringComparison.Ordinal)) continue;
            var value = part.AsSpan(NameField.Length);
            if (value.StartsWith("==")) value = value[2..];
            else if (value.StartsWith("=")) value = value[1..];
            else continue;
            return Names.PathSegmentFault(value.ToString()) is null ? value.ToString() : "";
        }

        return "";
    }

    private static string PathVerb(string method) => method switch
    {
        "GET" => "get",
        "POST" => "post",
        "HEAD" => "head",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => method.ToLowerInvariant(),
    };
}
