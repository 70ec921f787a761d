using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Web.Access;

/// <summary>What somebody may do in a namespace, as <c>SelfSubjectRulesReview</c> says it.</summary>
internal sealed class AccessRules
{
    private readonly IReadOnlyList<Rule> _rules;

    private AccessRules(IReadOnlyList<Rule> rules, string digest) => (_rules, Digest) = (rules, digest);

    /// <summary>The same for the same rules.</summary>
    public string Digest { get; }

    /// <summary>Reads the review's status. What is not understood gives no right.</summary>
    /// <param name="status">The status.</param>
    public static AccessRules Read(JsonNode? status) => new([.. (status?["resourceRules"] as JsonArray ?? []).OfType<JsonObject>().Select(static r =>
        new Rule(Texts(r["verbs"]), Texts(r["apiGroups"]), Texts(r["resources"]), Texts(r["resourceNames"])))],
        status?["resourceRules"]?.ToJsonString() ?? "");

    /// <summary>Reads the rules of a Role or ClusterRole, which have the same fields. What is not understood gives no right.</summary>
    /// <param name="role">The object.</param>
    public static AccessRules OfRole(JsonElement role) =>
        Read(new JsonObject { ["resourceRules"] = role.TryGetProperty("rules", out var rules) && rules.ValueKind == JsonValueKind.Array ? JsonArray.Create(rules) : null });

    /// <summary>Whether a right is among them.</summary>
    /// <param name="right">The right.</param>
    /// <param name="name">The object; null for all. A rule for objects by name gives no right to all.</param>
    public bool Allow(Right right, string? name) => _rules.Any(r =>
        Has(r.Verbs, right.Verb) && Has(r.Groups, right.Group) && HasResource(r.Resources, right.Resource) && (r.Names.Count == 0 || (name is not null && r.Names.Contains(name))));

    private static bool Has(IReadOnlyList<string> given, string wanted) => given.Contains("*") || given.Contains(wanted);

    // As RBAC matches them: "*/log" is that subresource of every resource.
    private static bool HasResource(IReadOnlyList<string> given, string wanted) =>
        Has(given, wanted) || (wanted.Split('/') is [_, var sub] && given.Contains("*/" + sub));

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).OfType<JsonValue>().Select(static v => v.TryGetValue<string>(out var text) ? text : null).OfType<string>()];

    private sealed record Rule(IReadOnlyList<string> Verbs, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Names);
}
