using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Discovery;

/// <summary>Tells clients which groups, versions and resources there are, plain and aggregated (KEP-3352).</summary>
internal sealed class DiscoveryHandler(ResourceRegistry registry)
{
    /// <returns>Whether the path was one of discovery.</returns>
    public async Task<bool> TryHandleAsync(HttpContext http, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var answer = parts switch
        {
            ["api"] => Aggregated(http.Request) is { } v ? AggregatedDiscovery.Of(registry.Current, core: true, v) : CoreVersions(),
            ["apis"] => Aggregated(http.Request) is { } v ? AggregatedDiscovery.Of(registry.Current, core: false, v) : GroupList(),
            ["api", "v1"] => Resources("", "v1"),
            ["apis", var group] => Group(group),
            ["apis", var group, var version] => Resources(group, version),
            _ => null,
        };
        if (parts is not (["api" or "apis"] or ["api", _] or ["apis", _] or ["apis", _, _])) return false;
        if (answer is null) throw Errors.PageNotFound();
        var aggregated = answer.Text("kind") == "APIGroupDiscoveryList";
        var type = aggregated
            ? $"application/json;g=apidiscovery.k8s.io;v={answer.Text("apiVersion")!.Split('/')[1]};as=APIGroupDiscoveryList"
            : Responses.Json;
        await Responses.JsonAsync(http, 200, answer, type);
        return true;
    }

    private static string? Aggregated(HttpRequest request)
    {
        foreach (var clause in request.Headers.Accept.ToString().Split(','))
        {
            var plain = clause.Replace(" ", "", StringComparison.Ordinal);
            if (plain.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal) && plain.StartsWith("application/json", StringComparison.Ordinal))
                return plain.Contains("v=v2beta1", StringComparison.Ordinal) ? "v2beta1" : "v2";
            if (plain is "application/json") return null;
        }

        return null;
    }

    private static JsonMap CoreVersions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = JsonList.Of(["v1"]),
        ["serverAddressByClientCIDRs"] = new JsonList(),
    };

    private JsonMap GroupList()
    {
        var groups = new JsonList();
        foreach (var (name, versions) in registry.Current.Groups().Concat(ReviewResources.Groups))
            if (name.Length > 0) groups.Add(GroupOf(name, versions));
        return new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = groups };
    }

    private JsonMap? Group(string group)
    {
        foreach (var (name, versions) in registry.Current.Groups().Concat(ReviewResources.Groups))
        {
            if (name != group || group.Length == 0) continue;
            var answer = new JsonMap { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
            foreach (var (member, value) in GroupOf(name, versions)) answer[member] = value;
            return answer;
        }

        return null;
    }

    private static JsonMap GroupOf(string name, IReadOnlyList<string> versions)
    {
        var list = new JsonList();
        foreach (var version in versions) list.Add(Version(name, version));
        return new() { ["name"] = name, ["versions"] = list, ["preferredVersion"] = Version(name, versions[0]) };
    }

    private static JsonMap Version(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private JsonMap? Resources(string group, string version)
    {
        var resources = new JsonList();
        foreach (var type in registry.Current.Types.Where(t => t.Group == group))
        {
            if (type.Version(version) is not { } served) continue;
            foreach (var resource in ResourceListing.Of(type, served)) resources.Add(resource);
        }

        foreach (var review in ReviewResources.Of(group, version)) resources.Add(review);
        if (resources.Count == 0) return null;
        return new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        };
    }
}
