using Slipway.ApiServer.Http;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Authorization;

/// <summary>Decides by roles and bindings (RBAC). The decision is pure over an index of what is stored now.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    public const string Group = "rbac.authorization.k8s.io";

    private readonly Bucket _roles = store.Bucket(Group + "/roles");
    private readonly Bucket _clusterRoles = store.Bucket(Group + "/clusterroles");
    private readonly Bucket _bindings = store.Bucket(Group + "/rolebindings");
    private readonly Bucket _clusterBindings = store.Bucket(Group + "/clusterrolebindings");
    private readonly Lock _lock = new();
    private State? _state;

    /// <summary>Gets the index of the roles and bindings as they are now: who was answered that a binding is stored can rely on it.</summary>
    public RbacIndex Index
    {
        get
        {
            var (roles, clusterRoles, bindings, clusterBindings) = (_roles.Current, _clusterRoles.Current, _bindings.Current, _clusterBindings.Current);
            if (Volatile.Read(ref _state) is { } known && known.IsOf(roles, clusterRoles, bindings, clusterBindings)) return known.Index;
            lock (_lock)
            {
                if (_state is { } made && made.IsOf(roles, clusterRoles, bindings, clusterBindings)) return made.Index;
                var next = new State(roles, clusterRoles, bindings, clusterBindings, new(roles, clusterRoles, bindings, clusterBindings));
                Volatile.Write(ref _state, next);
                return next.Index;
            }
        }
    }

    public Decision Decide(in AccessRequest request) => request.User.IsMaster ? new(true) : Index.Decide(request);

    /// <exception cref="ApiException">403 in upstream's words: nothing allows it.</exception>
    public void Demand(in AccessRequest request)
    {
        var decision = Decide(request);
        if (!decision.Allowed) throw Refusal.Of(request, decision.Reason);
    }

    private sealed record State(Snapshot Roles, Snapshot ClusterRoles, Snapshot Bindings, Snapshot ClusterBindings, RbacIndex Index)
    {
        public bool IsOf(Snapshot roles, Snapshot clusterRoles, Snapshot bindings, Snapshot clusterBindings) =>
            ReferenceEquals(Roles, roles) && ReferenceEquals(ClusterRoles, clusterRoles) &&
            ReferenceEquals(Bindings, bindings) && ReferenceEquals(ClusterBindings, clusterBindings);
    }
}
