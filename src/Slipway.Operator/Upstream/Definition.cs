using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Upstream;

/// <summary>What Slipway reads of a CustomResourceDefinition: which versions are served.</summary>
public sealed record Definition
{
    /// <summary>The kind as a client needs to know it.</summary>
    public static Resource<Definition> Resource { get; } = new(
        "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false, DefinitionJson.Default.Definition,
        d => new ObjectIdentity(new NamespacedName("", d.Metadata.Name ?? ""), d.Metadata.Uid ?? "", d.Metadata.ResourceVersion ?? ""));

    /// <summary>Its name, `plural.group`.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>The versions.</summary>
    public DefinitionSpec? Spec { get; init; }

    /// <summary>Whether the server serves it.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>Whether the server serves it, and will: clients that ask before get a 404, and one that makes objects again while it is being deleted keeps it from going.</summary>
    [JsonIgnore]
    public bool IsEstablished => Metadata.DeletionTimestamp is null && Status?.Conditions?.Any(c => c is { Type: "Established", Status: ConditionStatus.True }) == true;
}

/// <summary>The versions of a definition.</summary>
public sealed record DefinitionSpec
{
    /// <summary>All versions, served or not.</summary>
    public IReadOnlyList<DefinitionVersion>? Versions { get; init; }
}

/// <summary>A version of a definition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Served">Whether the server serves it.</param>
public sealed record DefinitionVersion(string? Name, bool Served);

/// <summary>How a definition is.</summary>
public sealed record DefinitionStatus
{
    /// <summary>Its conditions.</summary>
    public IReadOnlyList<DefinitionCondition>? Conditions { get; init; }
}

/// <summary>A condition of a definition.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Status">Whether it holds.</param>
public sealed record DefinitionCondition(string? Type, ConditionStatus Status);

/// <summary>JSON contracts of definitions.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Definition))]
internal sealed partial class DefinitionJson : JsonSerializerContext;
