using System.Text.Json;
using Slipway.Kubernetes.Objects;

namespace Slipway.Web.Access.Members;

/// <summary>Reads RBAC's objects as its authorizer does: a binding gives its subjects the rules of its role, a RoleBinding in its namespace and a ClusterRoleBinding everywhere.</summary>
internal static class RoleMembers
{
    /// <param name="space">The namespace.</param>
    /// <param name="roles">The Roles of it and the ClusterRoles.</param>
    /// <param name="bindings">The RoleBindings of it and the ClusterRoleBindings.</param>
    public static IReadOnlyList<Member> Of(string space, IEnumerable<CachedObject> roles, IEnumerable<CachedObject> bindings)
    {
        // A Role is in a namespace and a ClusterRole is not.
        var given = roles.ToDictionary(static r => (r.Identity.Key.Namespace, r.Identity.Key.Name), static r => May(AccessRules.OfRole(r.Json)));
        var found = new Dictionary<(string Kind, string Name), (HashSet<Right> May, List<string> By)>();
        foreach (var binding in bindings)
        {
            var ofSpace = binding.Identity.Key.Namespace.Length > 0;
            if (!binding.Json.TryGetProperty("roleRef", out var role) || !given.TryGetValue((Text(role, "kind") == "Role" ? space : "", Text(role, "name")), out var may) || may.Count == 0) continue;
            if (!binding.Json.TryGetProperty("subjects", out var subjects) || subjects.ValueKind != JsonValueKind.Array) continue;
            foreach (var subject in subjects.EnumerateArray())
            {
                var kind = Text(subject, "kind");
                var name = Text(subject, "name");
                var who = (kind, kind == "ServiceAccount" ? $"{Text(subject, "namespace")}/{name}" : name);
                if (!found.TryGetValue(who, out var member)) found[who] = member = ([], []);
                member.May.UnionWith(may);
                member.By.Add($"{(ofSpace ? "rolebinding" : "clusterrolebinding")}/{binding.Identity.Key.Name}");
            }
        }

        return [.. found
            .Select(static f => new Member(f.Key.Kind, f.Key.Name, [.. ModelRights.All.Select(static r => r.Right).Where(f.Value.May.Contains)], f.Value.By))
            .OrderByDescending(static m => m.May.Count).ThenBy(static m => m.Kind, StringComparer.Ordinal).ThenBy(static m => m.Name, StringComparer.Ordinal)];
    }

    private static HashSet<Right> May(AccessRules rules) => [.. ModelRights.All.Select(static r => r.Right).Where(r => rules.Allow(r, null))];

    private static string Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
