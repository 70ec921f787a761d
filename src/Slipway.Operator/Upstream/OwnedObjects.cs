using System.Collections.Concurrent;
using System.Collections.Immutable;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Upstream;

/// <summary>Objects by the deployment that they belong to, so that a pass over one deployment does not look at those of all others.</summary>
/// <typeparam name="TId">Tells the objects of one deployment apart.</typeparam>
/// <typeparam name="T">The objects.</typeparam>
internal sealed class OwnedObjects<TId, T>
    where TId : notnull
    where T : class
{
    private readonly ConcurrentDictionary<NamespacedName, ImmutableDictionary<TId, T>> _byDeployment = new();
    private readonly ConcurrentDictionary<(TId Id, string Namespace), NamespacedName> _deployments = new();

    /// <summary>The objects of a deployment.</summary>
    public ImmutableDictionary<TId, T> Of(NamespacedName deployment) =>
        _byDeployment.TryGetValue(deployment, out var objects) ? objects : ImmutableDictionary<TId, T>.Empty;

    /// <summary>Takes an object in, or out when there is none any more.</summary>
    /// <param name="id">Which object of its namespace.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="value">The object; null when it is gone.</param>
    /// <param name="deployment">The deployment that it says it belongs to; null when it says none.</param>
    /// <returns>The deployments whose objects changed.</returns>
    public IEnumerable<NamespacedName> Set(TId id, string ns, T? value, NamespacedName? deployment)
    {
        var changed = new HashSet<NamespacedName>();
        if (_deployments.TryGetValue((id, ns), out var before) && (value is null || before != deployment))
        {
            _deployments.TryRemove((id, ns), out _);
            var left = _byDeployment.AddOrUpdate(before, ImmutableDictionary<TId, T>.Empty, (_, objects) => objects.Remove(id));
            if (left.IsEmpty) _byDeployment.TryRemove(KeyValuePair.Create(before, left));
            changed.Add(before);
        }

        if (value is not null && deployment is { } now)
        {
            _deployments[(id, ns)] = now;
            _byDeployment.AddOrUpdate(now, _ => ImmutableDictionary<TId, T>.Empty.Add(id, value), (_, objects) => objects.SetItem(id, value));
            changed.Add(now);
        }

        return changed;
    }

    /// <summary>Forgets all objects of which something holds, such as those of a kind that is no longer watched.</summary>
    public void Forget(Func<TId, bool> which)
    {
        foreach (var (id, ns) in _deployments.Keys.Where(k => which(k.Id)).ToList()) _ = Set(id, ns, null, null);
    }
}
