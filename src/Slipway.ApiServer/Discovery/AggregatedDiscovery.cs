using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Pods;

namespace Slipway.ApiServer.Discovery;

/// <summary>All groups, versions and resources in one document.</summary>
internal static class AggregatedDiscovery
{
    public static JsonMap Of(RegistrySnapshot registry, bool core, string version)
    {
        var items = new JsonList();
        foreach (var (group, versions) in registry.Groups().Concat(ReviewResources.Groups))
        {
            if (group.Length == 0 != core) continue;
            var list = new JsonList();
            foreach (var name in versions)
            {
                var resources = new JsonList();
                foreach (var type in registry.Types.Where(t => t.Group == group))
                    if (type.Version(name) is { } served) resources.Add(Resource(type, served));
                foreach (var review in group.Length > 0 ? ReviewResources.Of(group, name) : []) resources.Add(Review(group, name, review));
                list.Add(new JsonMap { ["version"] = name, ["resources"] = resources, ["freshness"] = "Current" });
            }

            var metadata = new JsonMap { ["creationTimestamp"] = null };
            if (group.Length > 0) metadata["name"] = group;
            items.Add(new JsonMap { ["metadata"] = metadata, ["versions"] = list });
        }

        return new()
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/" + version,
            ["metadata"] = new JsonMap(),
            ["items"] = items,
        };
    }

    private static JsonMap Resource(ResourceType type, ServedVersion version)
    {
        var entry = new JsonMap
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, version.Name, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = JsonList.Of(ResourceListing.Verbs),
        };
        if (type.ShortNames.Count > 0) entry["shortNames"] = JsonList.Of(type.ShortNames);
        if (type.Categories.Count > 0) entry["categories"] = JsonList.Of(type.Categories);
        var parts = new JsonList();
        foreach (var part in PodParts.Of(type))
            parts.Add(new JsonMap { ["subresource"] = part.Name, ["responseKind"] = Kind(part.Group, part.Version, part.Kind), ["verbs"] = JsonList.Of(part.Verbs) });
        if (version.HasStatus) parts.Add(Part("status", Kind(type.Group, version.Name, type.Kind)));
        if (type is { Group: "", Plural: "serviceaccounts" })
            parts.Add(new JsonMap { ["subresource"] = "token", ["responseKind"] = Kind("authentication.k8s.io", "v1", "TokenRequest"), ["verbs"] = JsonList.Of(["create"]) });
        if (version.Scale is not null) parts.Add(Part("scale", Kind("autoscaling", "v1", "Scale")));
        if (parts.Count > 0) entry["subresources"] = parts;
        return entry;
    }

    private static JsonMap Review(string group, string version, JsonMap review) => new()
    {
        ["resource"] = review.Text("name"),
        ["responseKind"] = Kind(group, version, review.Text("kind")!),
        ["scope"] = review.At("namespaced") is true ? "Namespaced" : "Cluster",
        ["singularResource"] = review.Text("singularName"),
        ["verbs"] = review.List("verbs"),
    };

    private static JsonMap Part(string name, JsonMap kind) =>
        new() { ["subresource"] = name, ["responseKind"] = kind, ["verbs"] = JsonList.Of(ResourceListing.PartVerbs) };

    private static JsonMap Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };
}
