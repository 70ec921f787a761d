using System.Net;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access.Members;

/// <summary>Reads roles and bindings over the connection of the person at the page: whoever may not read them is told so, and learns of nobody.</summary>
/// <param name="client">The connection.</param>
internal sealed class PersonMembers(KubeClient client) : IMembers
{
    private static readonly Resource<CachedObject> s_roles = Rbac("roles", "Role", true), s_bindings = Rbac("rolebindings", "RoleBinding", true);
    private static readonly Resource<CachedObject> s_clusterRoles = Rbac("clusterroles", "ClusterRole", false), s_clusterBindings = Rbac("clusterrolebindings", "ClusterRoleBinding", false);

    /// <inheritdoc/>
    public bool AreThere => true;

    /// <inheritdoc/>
    public async Task<MemberList> OfAsync(string space, CancellationToken cancellationToken)
    {
        var hidden = new List<string>();
        var roles = await ListAsync(s_roles, space, hidden, cancellationToken);
        var clusterRoles = await ListAsync(s_clusterRoles, null, hidden, cancellationToken);
        var bindings = await ListAsync(s_bindings, space, hidden, cancellationToken);
        var clusterBindings = await ListAsync(s_clusterBindings, null, hidden, cancellationToken);
        return new MemberList(RoleMembers.Of(space, [.. roles, .. clusterRoles], [.. bindings, .. clusterBindings]), hidden.Count == 0 ? null : T("You may not list {0}: there may be others.", string.Join(", ", hidden)));
    }

    private async Task<IReadOnlyList<CachedObject>> ListAsync(Resource<CachedObject> resource, string? space, List<string> hidden, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListAsync(resource, space, cancellationToken);
        }
        catch (KubeApiException e) when (e.Code == HttpStatusCode.Forbidden)
        {
            hidden.Add(space is null ? resource.Plural : T("{0} in {1}", resource.Plural, space));
            return [];
        }
    }

    private static Resource<CachedObject> Rbac(string plural, string kind, bool namespaced) =>
        new("rbac.authorization.k8s.io", "v1", plural, kind, namespaced, KubeJson.Default.CachedObject, static o => o.Identity);
}
