using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Pods;

namespace Slipway.ApiServer.Discovery;

/// <summary>The entries of a resource and its subresources in discovery.</summary>
internal static class ResourceListing
{
    public static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    public static readonly string[] PartVerbs = ["get", "patch", "update"];

    public static IEnumerable<JsonMap> Of(ResourceType type, ServedVersion version)
    {
        var entry = new JsonMap
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = JsonList.Of(Verbs),
        };
        if (type.ShortNames.Count > 0) entry["shortNames"] = JsonList.Of(type.ShortNames);
        if (type.Categories.Count > 0) entry["categories"] = JsonList.Of(type.Categories);
        yield return entry;
        foreach (var part in PodParts.Of(type)) yield return Of(type, part);
        if (version.HasStatus) yield return Part(type, "status", type.Kind);
        if (version.Scale is null) yield break;
        var scale = Part(type, "scale", "Scale");
        scale["group"] = "autoscaling";
        scale["version"] = "v1";
        yield return scale;
    }

    private static JsonMap Of(ResourceType type, PodPart part)
    {
        var entry = Part(type, part.Name, part.Kind);
        entry["verbs"] = JsonList.Of(part.Verbs);
        if (part.Group.Length == 0) return entry;
        entry["group"] = part.Group;
        entry["version"] = part.Version;
        return entry;
    }

    private static JsonMap Part(ResourceType type, string name, string kind) => new()
    {
        ["name"] = $"{type.Plural}/{name}",
        ["singularName"] = "",
        ["namespaced"] = type.Namespaced,
        ["kind"] = kind,
        ["verbs"] = JsonList.Of(PartVerbs),
    };
}

/// <summary>Resources that only answer questions.</summary>
internal static class ReviewResources
{
    public static IEnumerable<JsonMap> Of(string group, string version)
    {
        if (group != "authorization.k8s.io" || version != "v1") yield break;
        foreach (var (plural, kind, namespaced) in s_reviews)
            yield return new JsonMap
            {
                ["name"] = plural,
                ["singularName"] = kind.ToLowerInvariant(),
                ["namespaced"] = namespaced,
                ["kind"] = kind,
                ["verbs"] = JsonList.Of(["create"]),
            };
    }

    private static readonly (string, string, bool)[] s_reviews =
    [
        ("selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("subjectaccessreviews", "SubjectAccessReview", false),
    ];
}
