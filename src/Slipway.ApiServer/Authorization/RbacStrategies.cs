using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Authorization;

/// <summary>Roles and cluster roles: names may be any path segment, a rule is about resources or about paths.</summary>
internal sealed class RoleStrategy : PlainStrategy
{
    public override string? NameFault(string name) => Names.PathSegmentFault(name);

    // What is missing is as good as empty, and then answered in the words below instead of the schema's.
    public override void Default(JsonMap value)
    {
        foreach (var rule in value.List("rules")?.Maps() ?? []) rule.TryAdd("verbs", new JsonList());
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var cluster = value.Text("kind") == "ClusterRole";
        var rules = value.List("rules");
        for (var i = 0; i < (rules?.Count ?? 0); i++)
            if (rules![i] is JsonMap rule) Validate(rule, $"rules[{i}]", cluster, errors);
        if (cluster && value.Map("aggregationRule") is { } aggregation && aggregation.List("clusterRoleSelectors") is null or { Count: 0 })
            errors.Add(FieldError.Required("aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil"));
    }

    private static void Validate(JsonMap rule, string path, bool cluster, List<FieldError> errors)
    {
        static bool Empty(JsonMap rule, string name) => rule.List(name) is null or { Count: 0 };
        if (Empty(rule, "verbs")) errors.Add(FieldError.Required(path + ".verbs", "verbs must contain at least one value"));
        if (!Empty(rule, "nonResourceURLs"))
        {
            var urls = rule.List("nonResourceURLs");
            if (!cluster) errors.Add(FieldError.Invalid(path + ".nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs"));
            if (!Empty(rule, "apiGroups") || !Empty(rule, "resources") || !Empty(rule, "resourceNames"))
                errors.Add(FieldError.Invalid(path + ".nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs"));
            return;
        }

        if (Empty(rule, "apiGroups")) errors.Add(FieldError.Required(path + ".apiGroups", "resource rules must supply at least one api group"));
        if (Empty(rule, "resources")) errors.Add(FieldError.Required(path + ".resources", "resource rules must supply at least one resource"));
    }
}

/// <summary>Bindings: the role never changes, and every subject is of a known kind.</summary>
internal sealed class BindingStrategy(bool namespaced) : PlainStrategy
{
    private static readonly string[] s_group = [Authorizer.Group];

    private readonly string[] _roles = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];

    public override string? NameFault(string name) => Names.PathSegmentFault(name);

    public override void Default(JsonMap value)
    {
        var role = value.Ensure("roleRef");
        if (role.Text("apiGroup") is null or "") role["apiGroup"] = Authorizer.Group;
        role.TryAdd("kind", "");
        role.TryAdd("name", "");
        foreach (var subject in value.List("subjects")?.Maps() ?? [])
        {
            if (subject.Text("kind") is "User" or "Group" && subject.Text("apiGroup") is null or "") subject["apiGroup"] = Authorizer.Group;
            subject.TryAdd("kind", "");
            subject.TryAdd("name", "");
        }
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var role = value.Map("roleRef")!;
        if (role.Text("apiGroup") != Authorizer.Group) errors.Add(FieldError.NotSupported("roleRef.apiGroup", role.Text("apiGroup"), s_group));
        if (!_roles.Contains(role.Text("kind"))) errors.Add(FieldError.NotSupported("roleRef.kind", role.Text("kind") ?? "", _roles));
        if (role.Text("name") is "") errors.Add(FieldError.Required("roleRef.name"));
        else if (role.Text("name") is { } name && Names.PathSegmentFault(name) is { } fault) errors.Add(FieldError.Invalid("roleRef.name", name, fault));
        var subjects = value.List("subjects");
        for (var i = 0; i < (subjects?.Count ?? 0); i++)
            if (subjects![i] is JsonMap subject) Validate(subject, $"subjects[{i}]", errors);
        if (old?.At("roleRef") is { } before && !JsonValues.Same(before, role)) errors.Add(FieldError.Invalid("roleRef", Shown(role), "cannot change roleRef"));
    }

    // Upstream prints its inner type, whose members are written like this.
    private static JsonMap Shown(JsonMap role) => new() { ["APIGroup"] = role.Text("apiGroup"), ["Kind"] = role.Text("kind"), ["Name"] = role.Text("name") };

    private void Validate(JsonMap subject, string path, List<FieldError> errors)
    {
        var (kind, name, group) = (subject.Text("kind") ?? "", subject.Text("name") ?? "", subject.Text("apiGroup") ?? "");
        if (name.Length == 0) errors.Add(FieldError.Required(path + ".name"));
        switch (kind)
        {
            case "ServiceAccount":
                if (name.Length > 0 && Names.SubdomainFault(name) is { } fault) errors.Add(FieldError.Invalid(path + ".name", name, fault));
                if (group.Length > 0) errors.Add(FieldError.NotSupported(path + ".apiGroup", group, [""]));
                if (!namespaced && subject.Text("namespace") is null or "") errors.Add(FieldError.Required(path + ".namespace"));
                break;
            case "User" or "Group":
                if (group != Authorizer.Group) errors.Add(FieldError.NotSupported(path + ".apiGroup", group, s_group));
                break;
            default:
                errors.Add(FieldError.NotSupported(path + ".kind", kind, ["ServiceAccount", "User", "Group"]));
                break;
        }
    }
}
