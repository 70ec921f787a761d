namespace Slipway.Api.Meta;

/// <summary>The part of Kubernetes' ObjectMeta that Slipway reads or writes; the rest is left to the server.</summary>
public sealed record ObjectMeta
{
    /// <summary>The name, unique within the namespace and kind.</summary>
    public string? Name { get; init; }

    /// <summary>The namespace; absent for cluster-scoped kinds.</summary>
    public string? Namespace { get; init; }

    /// <summary>The server's identity of this very object; another object of the same name has another one.</summary>
    public string? Uid { get; init; }

    /// <summary>The server's opaque version of the object, compared for equality only.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts the changes of the desired state.</summary>
    public long? Generation { get; init; }

    /// <summary>When the server accepted the object.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>When deletion was asked for; the object goes once its finalizers are gone.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Labels, by key.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations, by key.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>What must still be tidied up before the object may go.</summary>
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>The objects whose removal removes this one.</summary>
    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }
}
