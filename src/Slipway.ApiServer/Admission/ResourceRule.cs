using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission;

/// <summary>Which requests a webhook or policy is about: operations, groups, versions, resources and scope, each with "*" for all.</summary>
internal sealed record ResourceRule(
    IReadOnlyList<string> Operations, IReadOnlyList<string> Groups, IReadOnlyList<string> Versions, IReadOnlyList<string> Resources,
    string Scope, IReadOnlyList<string> Names)
{
    public static IReadOnlyList<ResourceRule> Read(JsonList? rules) => [.. (rules?.Maps() ?? []).Select(r => new ResourceRule(
        Texts(r, "operations"), Texts(r, "apiGroups"), Texts(r, "apiVersions"), Texts(r, "resources"), r.Text("scope") ?? "*", Texts(r, "resourceNames")))];

    public bool Matches(string operation, in GroupVersionResource resource, string subresource, bool namespaced) =>
        InScope(namespaced) && Has(Operations, operation) && Has(Groups, resource.Group) && Has(Versions, resource.Version) && OfResource(resource.Resource, subresource);

    /// <summary>Gets whether the rule is about an object of this name; most rules are about all.</summary>
    public bool IsAbout(string name) => Names.Count == 0 || Names.Contains(name, StringComparer.Ordinal);

    private bool InScope(bool namespaced) => Scope switch
    {
        "Namespaced" => namespaced,
        "Cluster" => !namespaced,
        _ => true,
    };

    private bool OfResource(string resource, string subresource)
    {
        foreach (var item in Resources)
        {
            var slash = item.IndexOf('/', StringComparison.Ordinal);
            var main = slash < 0 ? item.AsSpan() : item.AsSpan(0, slash);
            var part = slash < 0 ? default : item.AsSpan(slash + 1);
            if ((main is "*" || main.SequenceEqual(resource)) && (part is "*" || part.SequenceEqual(subresource))) return true;
        }

        return false;
    }

    private static bool Has(IReadOnlyList<string> items, string asked)
    {
        foreach (var item in items)
            if (item == "*" || item == asked) return true;
        return false;
    }

    private static string[] Texts(JsonMap rule, string member) => [.. rule.List(member)?.Strings() ?? []];
}
