namespace Slipway.Api.Meta;

/// <summary>Names the object that owns another one, in the same namespace or cluster-scoped.</summary>
public sealed record OwnerReference
{
    /// <summary>The owner's API group and version.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The owner's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The owner's name.</summary>
    public required string Name { get; init; }

    /// <summary>The owner's uid: a later object of the same name is not the owner.</summary>
    public required string Uid { get; init; }

    /// <summary>Whether the owner is the one controller that manages the object.</summary>
    public bool? Controller { get; init; }

    /// <summary>Whether foreground deletion of the owner waits for this object.</summary>
    public bool? BlockOwnerDeletion { get; init; }
}
