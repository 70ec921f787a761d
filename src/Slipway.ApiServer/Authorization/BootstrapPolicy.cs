using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>The roles and bindings that every cluster has, read from the table in this assembly (Kubernetes documentation, "Default roles and role bindings").</summary>
internal static class BootstrapPolicy
{
    private const string AggregationPrefix = "rbac.authorization.k8s.io/";

    /// <summary>Reads the table anew, since its objects are changed before they are stored.</summary>
    public static (IReadOnlyList<JsonMap> Roles, IReadOnlyList<JsonMap> Bindings) Read()
    {
        using var stream = typeof(BootstrapPolicy).Assembly.GetManifestResourceStream("bootstrap.rbac")!;
        using var reader = new StreamReader(stream);
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        List<JsonMap> roles = [], bindings = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words[0])
            {
                case "alias":
                    aliases[words[1]] = words[2];
                    break;
                case "role":
                    roles.Add(Role(words));
                    break;
                case "binding":
                    bindings.Add(Binding(words));
                    break;
                default:
                    words[0] = aliases.GetValueOrDefault(words[0], words[0]);
                    roles[^1].List("rules")!.Add(Rule(words));
                    break;
            }
        }

        // Complete from the start: nobody should meet an "admin" that may do nothing yet. The lesser ones come first.
        foreach (var role in ((string[])["view", "edit", "admin"]).Select(n => roles.Find(r => r.Text("metadata", "name") == n)!))
            if (Aggregation.Changed(role, roles.OrderBy(r => r.Text("metadata", "name"), StringComparer.Ordinal)) is { } rules) role["rules"] = rules;
        return (roles, bindings);
    }

    private static JsonMap Role(string[] words)
    {
        var role = Object("ClusterRole", words[1]);
        role["rules"] = new JsonList();
        foreach (var word in words.Skip(2))
        {
            var value = AggregationPrefix + word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (word.StartsWith("label=", StringComparison.Ordinal)) role.Map("metadata", "labels")![value] = "true";
            else role["aggregationRule"] = new JsonMap { ["clusterRoleSelectors"] = new JsonList { new JsonMap { ["matchLabels"] = new JsonMap { [value] = "true" } } } };
        }

        return role;
    }

    private static JsonMap Binding(string[] words)
    {
        var binding = Object("ClusterRoleBinding", words[1]);
        binding["roleRef"] = new JsonMap { ["apiGroup"] = Authorizer.Group, ["kind"] = "ClusterRole", ["name"] = words[1] };
        if (words.Length > 2) binding["subjects"] = new JsonList();
        foreach (var word in words.Skip(2))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            var (kind, name) = (word[..colon], word[(colon + 1)..]);
            binding.List("subjects")!.Add(kind == "ServiceAccount"
                ? new JsonMap { ["kind"] = kind, ["name"] = name.Split('/')[1], ["namespace"] = name.Split('/')[0] }
                : new JsonMap { ["apiGroup"] = Authorizer.Group, ["kind"] = kind, ["name"] = name });
        }

        return binding;
    }

    private static JsonMap Rule(string[] words)
    {
        if (words[1] == "url") return new PolicyRule { Verbs = words[0].Split(','), NonResourceUrls = words[2].Split(',') }.ToJson();
        var groups = words[1].Split(',').Select(g => g == "core" ? "" : g).ToArray();
        var rule = new PolicyRule { Verbs = words[0].Split(','), ApiGroups = groups, Resources = words[2].Split(',') };
        return (words.Length < 4 ? rule : rule with { ResourceNames = words[3]["names=".Length..].Split(',') }).ToJson();
    }

    private static JsonMap Object(string kind, string name) => new()
    {
        ["apiVersion"] = Authorizer.Group + "/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonMap
        {
            ["name"] = name,
            ["labels"] = new JsonMap { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
            ["annotations"] = new JsonMap { [BootstrapRbac.AutoUpdate] = "true" },
        },
    };
}
