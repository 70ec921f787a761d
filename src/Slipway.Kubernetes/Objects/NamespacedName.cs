namespace Slipway.Kubernetes.Objects;

/// <summary>Names an object among those of its kind.</summary>
/// <param name="Namespace">Its namespace; empty for cluster-scoped kinds.</param>
/// <param name="Name">Its name.</param>
public readonly record struct NamespacedName(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}

/// <summary>Which object, and which version of it.</summary>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Uid">The server's identity of it.</param>
/// <param name="ResourceVersion">The server's version of it.</param>
public readonly record struct ObjectIdentity(NamespacedName Key, string Uid, string ResourceVersion);
