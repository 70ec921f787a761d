using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Authorization;

/// <summary>Lets nobody give rights that they do not hold themselves, unless they may escalate roles or bind that role.</summary>
internal sealed class EscalationGuard(Authorizer authorizer)
{
    private static readonly PolicyRule[] s_everything =
    [
        new() { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] },
        new() { Verbs = ["*"], NonResourceUrls = ["*"] },
    ];

    /// <exception cref="ApiException">403 with what is missing.</exception>
    public void Check(ApiRequest request, JsonMap next, JsonMap? old)
    {
        if (request.Type.Group != Authorizer.Group || request.User.IsMaster) return;
        if (old is not null && SameButForOwners(next, old)) return;
        if (request.Type.Plural is "roles" or "clusterroles") CheckRole(request, next, old);
        else CheckBinding(request, next);
    }

    private void CheckRole(ApiRequest request, JsonMap next, JsonMap? old)
    {
        if (authorizer.Decide(AccessRequest.To(request.User, "escalate", Authorizer.Group, request.Type.Plural, request.Target.Name ?? "", request.Namespace ?? "")).Allowed) return;
        var name = next.Text("metadata", "name") ?? "";
        Confirm(request, name, PolicyRule.ListOf(next));
        if (!Aggregates(next) && !Aggregates(old)) return;
        if (Coverage.Missing(Held(request), s_everything).Count > 0)
            throw Refusal.Of(Authorizer.Group, request.Type.Plural, name, "must have cluster-admin privileges to use the aggregationRule");
    }

    private void CheckBinding(ApiRequest request, JsonMap next)
    {
        var role = RoleReference.Of(next.Map("roleRef"));
        var place = request.Namespace ?? "";
        var plural = role.Kind switch
        {
            "ClusterRole" => "clusterroles",
            "Role" when place.Length > 0 => "roles",
            _ => null,
        };
        if (plural is null) return; // Refused when its fields are checked.
        if (authorizer.Decide(AccessRequest.To(request.User, "bind", Authorizer.Group, plural, role.Name, place)).Allowed) return;
        var rules = authorizer.Index.RulesOf(role, place) ?? throw Errors.NotFound(request.Type, role.Name); // Upstream, too, names the kind of the request.
        Confirm(request, next.Text("metadata", "name") ?? "", rules);
    }

    private void Confirm(ApiRequest request, string name, PolicyRule[] wanted)
    {
        var missing = Coverage.Missing(Held(request), wanted);
        if (missing.Count == 0) return;
        throw Refusal.Of(Authorizer.Group, request.Type.Plural, name,
            $"user {JsonText.Of(request.User.Name)} (groups={Coverage.Quote(request.User.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', missing)}");
    }

    private List<PolicyRule> Held(ApiRequest request) => authorizer.Index.RulesFor(request.User, request.Namespace ?? "");

    private static bool Aggregates(JsonMap? role) => role?.Map("aggregationRule")?.List("clusterRoleSelectors") is { Count: > 0 };

    // The collector of garbage must be able to do its work on roles that are greater than itself.
    private static bool SameButForOwners(JsonMap next, JsonMap old) => JsonValues.Same(WithoutOwners(next), WithoutOwners(old));

    private static JsonMap WithoutOwners(JsonMap value)
    {
        var copy = JsonValues.Shallow(value);
        if (value.Map("metadata") is not { } metadata) return copy;
        var bare = JsonValues.Shallow(metadata);
        foreach (var name in (string[])["ownerReferences", "finalizers", "managedFields", "selfLink", "resourceVersion"]) bare.Remove(name);
        copy["metadata"] = bare;
        return copy;
    }
}
