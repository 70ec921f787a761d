using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Requests;

/// <summary>What a path of /api or /apis names.</summary>
internal sealed record RequestTarget(string Group, string Version, string? Namespace, string Resource, string? Name, string? Subresource)
{
    /// <returns>The target, or <see langword="null"/> when the path is not one of a resource.</returns>
    public static RequestTarget? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3) return null;
        int at;
        string group, version;
        if (parts[0] == "api") (group, version, at) = ("", parts[1], 2);
        else if (parts[0] == "apis" && parts.Length >= 4) (group, version, at) = (parts[1], parts[2], 3);
        else return null;
        for (var i = at; i < parts.Length; i++) parts[i] = Uri.UnescapeDataString(parts[i]);
        var rest = parts.AsSpan(at);
        string? ns = null;
        // "namespaces/x" is the object; "namespaces/x/pods" is what lies in it, but for the object's own subresources.
        if (rest[0] == "namespaces" && rest.Length >= 3 && !(group.Length == 0 && rest.Length == 3 && rest[2] is "status" or "finalize"))
        {
            ns = rest[1];
            rest = rest[2..];
        }

        if (rest.Length > 3) return null;
        return new(group, version, ns, rest[0], rest.Length > 1 ? rest[1] : null, rest.Length > 2 ? rest[2] : null);
    }

    public (ResourceType Type, ServedVersion Version)? Resolve(RegistrySnapshot registry) =>
        registry.Find(Group, Resource) is { } type && type.Version(Version) is { } version ? (type, version) : null;
}
