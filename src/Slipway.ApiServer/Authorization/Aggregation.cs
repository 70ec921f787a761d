using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>The rules of a ClusterRole that gathers those of others by their labels. Pure.</summary>
internal static class Aggregation
{
    /// <param name="role">A role with an aggregation rule.</param>
    /// <param name="others">All cluster roles, ordered by name.</param>
    /// <returns>The rules that the role should have, or <see langword="null"/> when it gathers nothing or has them.</returns>
    public static JsonList? Changed(JsonMap role, IEnumerable<JsonMap> others)
    {
        if (role.Map("aggregationRule")?.List("clusterRoleSelectors") is not { } selectors) return null;
        var all = others.Where(o => o.Text("metadata", "name") != role.Text("metadata", "name")).ToList();
        var rules = new JsonList();
        foreach (var selector in selectors.Maps())
        {
            foreach (var rule in all.Where(o => Matches(selector, o.Map("metadata", "labels"))).SelectMany(o => o.List("rules")?.Maps() ?? []))
                if (!rules.Maps().Any(r => JsonValues.Same(r, rule))) rules.Add(JsonValues.Copy(rule));
        }

        return JsonValues.Same(rules, role.List("rules") ?? new JsonList()) ? null : rules;
    }

    private static bool Matches(JsonMap selector, JsonMap? labels)
    {
        foreach (var (key, value) in selector.Map("matchLabels") ?? [])
            if (labels?.Text(key) is not { } has || has != value as string) return false;
        foreach (var requirement in selector.List("matchExpressions")?.Maps() ?? [])
        {
            var has = labels?.Text(requirement.Text("key") ?? "");
            var values = requirement.List("values")?.Strings() ?? [];
            var holds = requirement.Text("operator") switch
            {
                "In" => has is not null && values.Contains(has, StringComparer.Ordinal),
                "NotIn" => has is null || !values.Contains(has, StringComparer.Ordinal),
                "Exists" => has is not null,
                "DoesNotExist" => has is null,
                _ => false,
            };
            if (!holds) return false;
        }

        return true;
    }
}
