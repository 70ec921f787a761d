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
    private static readonly (string Group, string Plural, string Kind, bool Namespaced)[] s_reviews =
    [
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
        ("authentication.k8s.io", "tokenreviews", "TokenReview", false),
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
    ];

    /// <summary>Gets the groups that hold nothing else.</summary>
    public static IEnumerable<(string Group, IReadOnlyList<string> Versions)> Groups { get; } =
        [.. s_reviews.Select(r => r.Group).Distinct(StringComparer.Ordinal).Select(g => (g, (IReadOnlyList<string>)["v1"]))];

    public static bool Has(string group, string version) => version == "v1" && s_reviews.Any(r => r.Group == group);

    public static IEnumerable<JsonMap> Of(string group, string version)
    {
        if (version != "v1") yield break;
        foreach (var (_, plural, kind, namespaced) in s_reviews.Where(r => r.Group == group))
            yield return new JsonMap
            {
                ["name"] = plural,
                ["singularName"] = kind.ToLowerInvariant(),
                ["namespaced"] = namespaced,
                ["kind"] = kind,
                ["verbs"] = JsonList.Of(["create"]),
            };
        if (group.Length == 0)
            yield return new JsonMap
            {
                ["name"] = "serviceaccounts/token",
                ["singularName"] = "",
                ["namespaced"] = true,
                ["group"] = "authentication.k8s.io",
                ["version"] = "v1",
                ["kind"] = "TokenRequest",
                ["verbs"] = JsonList.Of(["create"]),
            };
    }
}
