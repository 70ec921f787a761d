namespace Slipway.Web.Access;

/// <summary>What a request asks of the Kubernetes API, in the words of its roles (Kubernetes documentation, "Authorization", "Determine the request verb").</summary>
/// <param name="Verb">Such as <c>delete</c>.</param>
/// <param name="Resource">The resource with its group and subresource; null for a path that is none.</param>
/// <param name="Namespace">The namespace; null for none.</param>
/// <param name="Name">The object; null for none.</param>
internal sealed record ApiCall(string Verb, string? Resource, string? Namespace, string? Name)
{
    /// <summary>Whether it is a dry run, which changes nothing (Kubernetes API concepts, "Dry-run").</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether it changes something.</summary>
    public bool Changes => !IsDryRun && Verb is not ("get" or "list" or "watch");

    /// <summary>Whether it is a review, which is created and yet changes nothing.</summary>
    public bool IsQuestion => Verb == "create" && Resource is { } resource && (resource.EndsWith(".authorization.k8s.io", StringComparison.Ordinal) || resource.EndsWith(".authentication.k8s.io", StringComparison.Ordinal));

    /// <summary>Reads a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="address">Its address.</param>
    public static ApiCall Of(HttpMethod method, Uri address)
    {
        var path = (address.IsAbsoluteUri ? address.AbsolutePath : address.OriginalString.Split('?')[0]).Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var (group, rest) = path switch
        {
            ["api", _, .. var core] => ("", core),
            ["apis", var g, _, .. var named] => (g, named),
            _ => ("", []),
        };
        string? space = null;
        if (rest is ["namespaces", var inside, _, ..]) (space, rest) = (inside, rest[2..]);
        var resource = rest is [] ? null : rest.Length > 2 ? $"{rest[0]}/{rest[2]}" : rest[0];
        if (resource is not null && group.Length > 0) resource = $"{resource}.{group}";
        var name = rest.Length > 1 ? rest[1] : null;
        var verb = method.Method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => name is null ? "deletecollection" : "delete",
            _ => name is null && resource is not null ? "list" : "get",
        };
        return new ApiCall(verb, resource, space, name) { IsDryRun = address.OriginalString.Contains("dryRun=All", StringComparison.Ordinal) };
    }
}
