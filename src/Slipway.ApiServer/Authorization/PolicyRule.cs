using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>One rule of a role (<c>rbac.authorization.k8s.io/v1</c> PolicyRule), read once so that checking it costs no allocation.</summary>
internal sealed record PolicyRule
{
    private const string All = "*";

    public string[] Verbs { get; init; } = [];

    public string[] ApiGroups { get; init; } = [];

    public string[] Resources { get; init; } = [];

    public string[] ResourceNames { get; init; } = [];

    public string[] NonResourceUrls { get; init; } = [];

    public static PolicyRule Of(JsonMap json)
    {
        string[] Strings(string name) => [.. json.List(name)?.Strings() ?? []];
        return new()
        {
            Verbs = Strings("verbs"),
            ApiGroups = Strings("apiGroups"),
            Resources = Strings("resources"),
            ResourceNames = Strings("resourceNames"),
            NonResourceUrls = Strings("nonResourceURLs"),
        };
    }

    public static PolicyRule[] ListOf(JsonMap role) => [.. (role.List("rules")?.Maps() ?? []).Select(Of)];

    public JsonMap ToJson()
    {
        var json = new JsonMap { ["verbs"] = JsonList.Of(Verbs) };
        foreach (var (name, values) in ((string, string[])[])[("apiGroups", ApiGroups), ("resources", Resources), ("resourceNames", ResourceNames), ("nonResourceURLs", NonResourceUrls)])
            if (values.Length > 0) json[name] = JsonList.Of(values);
        return json;
    }

    public bool Allows(in AccessRequest request)
    {
        if (!Has(Verbs, All) && !Has(Verbs, request.Verb)) return false;
        if (!request.IsResource) return AllowsPath(request.Path);
        return (Has(ApiGroups, All) || Has(ApiGroups, request.Group)) && AllowsResource(request.Resource, request.Subresource) &&
            (ResourceNames.Length == 0 || Has(ResourceNames, request.Name));
    }

    public static bool Has(string[] set, string value)
    {
        foreach (var item in set)
            if (item == value) return true;
        return false;
    }

    private bool AllowsResource(string resource, string part)
    {
        foreach (var item in Resources)
        {
            if (item == All) return true;
            if (part.Length == 0)
            {
                if (item == resource) return true;
                continue;
            }

            // "pods/log", or "*/scale" for that part of whatever has it.
            var slash = item.Length - part.Length - 1;
            if (slash <= 0 || item[slash] != '/' || !item.EndsWith(part, StringComparison.Ordinal)) continue;
            var whole = item.AsSpan(0, slash);
            if (whole.SequenceEqual(All) || whole.SequenceEqual(resource)) return true;
        }

        return false;
    }

    private bool AllowsPath(string path)
    {
        foreach (var url in NonResourceUrls)
            if (url == path || url.EndsWith('*') && path.AsSpan().StartsWith(url.AsSpan().TrimEnd('*'))) return true;
        return false;
    }
}
