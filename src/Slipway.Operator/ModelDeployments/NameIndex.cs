using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Which deployments ask for which model name, the oldest first; kept as deployments come and go, so that no pass counts them all.</summary>
internal sealed class NameIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedSet<Claim>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<NamespacedName, (string Name, Claim Claim)> _claims = [];

    /// <summary>Takes a deployment in, or out when there is none any more.</summary>
    /// <returns>The other deployments for which the owner of the name that they ask for is another now; those that come after change nothing for others.</returns>
    public IReadOnlyList<NamespacedName> Set(NamespacedName key, ModelDeployment? deployment)
    {
        var name = deployment is { Metadata.DeletionTimestamp: null } && deployment.Spec.Gateway?.Enabled != false ? ServedModel.RoutedName(deployment) : null;
        lock (_lock)
        {
            var before = _claims.TryGetValue(key, out var old) ? old.Name : null;
            Claim? claim = name is null ? null : new Claim(deployment!.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue, deployment.Metadata.Uid ?? "", key);
            if (before == name && (claim is null || claim == old.Claim)) return [];

            var others = new List<NamespacedName>();
            if (before is not null)
            {
                var left = _byName[before];
                var owned = left.Min == old.Claim;
                left.Remove(old.Claim);
                if (owned) others.AddRange(left.Select(c => c.Key));
                if (left.Count == 0) _byName.Remove(before);
                _claims.Remove(key);
            }

            if (claim is not { } mine) return others;
            if (!_byName.TryGetValue(name!, out var claims)) _byName[name!] = claims = new SortedSet<Claim>(s_oldestFirst);
            claims.Add(mine);
            if (claims.Min == mine) others.AddRange(claims.Where(c => c != mine).Select(c => c.Key));
            _claims[key] = (name!, mine);
            return others;
        }
    }

    /// <summary>The older deployment that requests for this one's name go to, if there is one.</summary>
    public NamespacedName? TakenBy(NamespacedName key)
    {
        lock (_lock)
        {
            return _claims.TryGetValue(key, out var claim) && _byName[claim.Name].Min.Key is var owner && owner != key ? owner : null;
        }
    }

    private readonly record struct Claim(DateTimeOffset Created, string Uid, NamespacedName Key);

    // The oldest wins, so that a newcomer cannot take a name away (ModelNames.Owner says the same to the gateway).
    private static readonly Comparer<Claim> s_oldestFirst = Comparer<Claim>.Create((a, b) =>
        a.Created.CompareTo(b.Created) is not 0 and var byTime ? byTime
        : string.CompareOrdinal(a.Uid, b.Uid) is not 0 and var byUid ? byUid
        : string.CompareOrdinal(a.Key.ToString(), b.Key.ToString()));
}
