using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>The rules for rules: operations, groups, versions and resources of webhooks and policies.</summary>
internal static class RuleChecks
{
    private static readonly string[] s_operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    private static readonly string[] s_scopes = ["*", "Cluster", "Namespaced"];

    public static void Check(JsonList? rules, string path, List<FieldError> errors)
    {
        for (var i = 0; i < (rules?.Count ?? 0); i++)
            if (rules![i] is JsonMap rule) Check(rule, $"{path}[{i}]", errors);
    }

    private static void Check(JsonMap rule, string path, List<FieldError> errors)
    {
        ObjectNames(rule.List("resourceNames"), path + ".resourceNames", errors);
        var operations = rule.List("operations") ?? [];
        Lone(operations, path + ".operations", "operations", errors);
        for (var i = 0; i < operations.Count; i++)
            if (!s_operations.Contains(operations[i] as string)) errors.Add(FieldError.NotSupported($"{path}.operations[{i}]", operations[i], s_operations));
        Lone(rule.List("apiGroups") ?? [], path + ".apiGroups", "API groups", errors);
        var versions = rule.List("apiVersions") ?? [];
        Lone(versions, path + ".apiVersions", "API versions", errors);
        for (var i = 0; i < versions.Count; i++)
            if (versions[i] is "") errors.Add(FieldError.Required($"{path}.apiVersions[{i}]"));
        Resources([.. rule.List("resources")?.Strings() ?? []], path + ".resources", errors);
        if (rule.Text("scope") is { } scope && !s_scopes.Contains(scope)) errors.Add(FieldError.NotSupported(path + ".scope", scope, s_scopes));
    }

    private static void ObjectNames(JsonList? names, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            if (names![i] is not string name) continue;
            if (Names.PathSegmentFault(name) is { } fault) errors.Add(FieldError.Invalid($"{path}[{i}]", name, fault));
            if (!seen.Add(name)) errors.Add(FieldError.Duplicate($"{path}[{i}]", name));
        }
    }

    // "*" stands for all, so that nothing may stand beside it.
    private static void Lone(JsonList items, string path, string what, List<FieldError> errors)
    {
        if (items.Count == 0) errors.Add(FieldError.Required(path));
        else if (items.Count > 1 && items.Contains("*")) errors.Add(FieldError.Invalid(path, items, $"if '*' is present, must not specify other {what}"));
    }

    private static void Resources(List<string> resources, string path, List<FieldError> errors)
    {
        if (resources.Count == 0) errors.Add(FieldError.Required(path));
        HashSet<string> all = [], anywhere = [];
        for (var i = 0; i < resources.Count; i++)
        {
            if (resources[i].Length == 0)
            {
                errors.Add(FieldError.Required($"{path}[{i}]"));
                continue;
            }

            var slash = resources[i].IndexOf('/', StringComparison.Ordinal);
            if (slash < 0) continue;
            var (main, part) = (resources[i][..slash], resources[i][(slash + 1)..]);
            if (all.Contains(main)) errors.Add(FieldError.Invalid($"{path}[{i}]", resources[i], $"if '{main}/*' is present, must not specify {resources[i]}"));
            if (anywhere.Contains(part)) errors.Add(FieldError.Invalid($"{path}[{i}]", resources[i], $"if '*/{part}' is present, must not specify {resources[i]}"));
            if (part == "*") all.Add(main);
            if (main == "*") anywhere.Add(part);
        }

        if (resources.Count > 1 && resources.Contains("*/*"))
            errors.Add(FieldError.Invalid(path, JsonList.Of(resources), "if '*/*' is present, must not specify other resources"));
        // The last resource without a part decides, as upstream.
        if (resources.Contains("*") && resources.FindLast(r => !r.Contains('/', StringComparison.Ordinal)) is { Length: > 0 } last && last != "*")
            errors.Add(FieldError.Invalid(path, JsonList.Of(resources), "if '*' is present, must not specify other resources without subresources"));
    }
}
