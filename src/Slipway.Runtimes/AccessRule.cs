using System.Text.Json.Nodes;

namespace Slipway.Runtimes;

/// <summary>A rule of Kubernetes' RBAC: what may be done with which kinds.</summary>
/// <param name="Group">The API group; empty for core.</param>
/// <param name="Resources">The kinds as in paths, `pods` or `pods/log`.</param>
/// <param name="Verbs">What may be done.</param>
public sealed record AccessRule(string Group, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs)
{
    /// <summary>What it takes to follow kinds that others write.</summary>
    public static IReadOnlyList<string> Reading { get; } = ["get", "list", "watch"];

    /// <summary>The names of the objects that it is for; all when empty.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The rule as a Role or ClusterRole has it.</summary>
    /// <returns>A new object.</returns>
    public JsonObject ToJson()
    {
        var rule = new JsonObject { ["apiGroups"] = new JsonArray(Group), ["resources"] = List(Resources) };
        if (Names.Count > 0) rule["resourceNames"] = List(Names);
        rule["verbs"] = List(Verbs);
        return rule;
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
