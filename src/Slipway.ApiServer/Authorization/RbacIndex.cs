using System.Collections.Frozen;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authorization;

/// <summary>Who holds which rules at one moment. Made anew when a role or a binding changes; a check looks up what its user and groups hold.</summary>
internal sealed class RbacIndex
{
    private readonly Snapshot _roles, _clusterRoles;
    private readonly Holders _everywhere;
    private readonly FrozenDictionary<string, Holders> _namespaces;

    public RbacIndex(Snapshot roles, Snapshot clusterRoles, Snapshot bindings, Snapshot clusterBindings)
    {
        (_roles, _clusterRoles) = (roles, clusterRoles);
        _everywhere = new(clusterBindings.Objects.Select(Binding.Of), this);
        _namespaces = bindings.Objects.Select(Binding.Of).GroupBy(b => b.Namespace, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => new Holders(g, this), StringComparer.Ordinal);
    }

    public Decision Decide(in AccessRequest request)
    {
        SortedSet<string>? missing = null;
        if (_everywhere.Find(request, ref missing) is { } everywhere) return new(true, everywhere);
        if (request.Namespace.Length > 0 && _namespaces.TryGetValue(request.Namespace, out var holders) && holders.Find(request, ref missing) is { } there)
            return new(true, there);
        if (missing is null) return new(false);
        var why = missing.Count == 1 ? missing.Min : $"[{string.Join(", ", missing)}]";
        return new(false, Obstacle: $"RBAC: {why}");
    }

    /// <summary>Gets the rules that a user holds in a namespace, or everywhere when it is empty.</summary>
    public List<PolicyRule> RulesFor(UserInfo user, string @namespace, SortedSet<string>? missing = null)
    {
        var rules = new List<PolicyRule>();
        _everywhere.Collect(user, rules, missing);
        if (@namespace.Length > 0 && _namespaces.TryGetValue(@namespace, out var holders)) holders.Collect(user, rules, missing);
        return rules;
    }

    /// <returns>The rules of a role, or <see langword="null"/> when there is none of the name.</returns>
    public PolicyRule[]? RulesOf(RoleReference role, string @namespace)
    {
        var found = role.Kind == "ClusterRole" ? _clusterRoles.Find("/" + role.Name) : _roles.Find(StoredObject.KeyOf(@namespace, role.Name));
        return found is null ? null : Role.Of(found).Rules;
    }

    /// <summary>The bindings of one namespace, or those that hold everywhere, by whom they give something.</summary>
    private sealed class Holders
    {
        private readonly FrozenDictionary<string, Grant[]> _users;
        private readonly FrozenDictionary<string, Grant[]> _groups;

        public Holders(IEnumerable<Binding> bindings, RbacIndex index)
        {
            var users = new Dictionary<string, List<Grant>>(StringComparer.Ordinal);
            var groups = new Dictionary<string, List<Grant>>(StringComparer.Ordinal);
            foreach (var binding in bindings)
            {
                var rules = index.RulesOf(binding.Role, binding.Namespace);
                var missing = rules is null ? $"{binding.Role.Kind.ToLowerInvariant()}.rbac.authorization.k8s.io \"{binding.Role.Name}\" not found" : null;
                foreach (var subject in binding.Subjects)
                {
                    var holders = subject.Kind == "Group" ? groups : users;
                    if ((subject.Kind == "Group" ? subject.Name : subject.User) is not { } name) continue;
                    if (!holders.TryGetValue(name, out var grants)) holders[name] = grants = [];
                    if (grants.Count == 0 || !ReferenceEquals(grants[^1].Binding, binding)) grants.Add(new(binding, subject, rules ?? [], missing));
                }
            }

            _users = users.ToFrozenDictionary(u => u.Key, u => u.Value.ToArray(), StringComparer.Ordinal);
            _groups = groups.ToFrozenDictionary(g => g.Key, g => g.Value.ToArray(), StringComparer.Ordinal);
        }

        public Grant? Find(in AccessRequest request, ref SortedSet<string>? missing)
        {
            if (_users.TryGetValue(request.User.Name, out var own) && Find(own, request, ref missing) is { } grant) return grant;
            for (var i = 0; i < request.User.Groups.Count; i++)
                if (_groups.TryGetValue(request.User.Groups[i], out var shared) && Find(shared, request, ref missing) is { } other) return other;
            return null;
        }

        public void Collect(UserInfo user, List<PolicyRule> rules, SortedSet<string>? missing)
        {
            var held = new List<Grant>();
            if (_users.TryGetValue(user.Name, out var own)) held.AddRange(own);
            foreach (var group in user.Groups)
                if (_groups.TryGetValue(group, out var shared)) held.AddRange(shared);
            foreach (var grant in held.DistinctBy(g => g.Binding.Name, StringComparer.Ordinal))
            {
                rules.AddRange(grant.Rules);
                if (grant.Missing is not null) missing?.Add(grant.Missing);
            }
        }

        private static Grant? Find(Grant[] grants, in AccessRequest request, ref SortedSet<string>? missing)
        {
            foreach (var grant in grants)
            {
                foreach (var rule in grant.Rules)
                    if (rule.Allows(request)) return grant;
                if (grant.Missing is not null) (missing ??= new(StringComparer.Ordinal)).Add(grant.Missing);
            }

            return null;
        }
    }
}
