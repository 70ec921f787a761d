using System.Text.Json.Serialization;
using Slipway.Api.Meta;

namespace Slipway.Runtimes.Storage;

/// <summary>What Slipway reads of a PersistentVolumeClaim; the rest is skipped while reading, for all of a cluster's are kept at hand.</summary>
public sealed record VolumeClaim
{
    /// <summary>Name, namespace, labels, owners.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What it asks for.</summary>
    public VolumeClaimSpec? Spec { get; init; }

    /// <summary>What it got.</summary>
    public VolumeClaimStatus? Status { get; init; }

    /// <summary>Whether a volume is bound to it.</summary>
    [JsonIgnore]
    public bool IsBound => Status?.Phase == "Bound";

    /// <summary>Whether one node at most can mount its volume.</summary>
    [JsonIgnore]
    public bool IsForOneNode => Spec?.AccessModes?.All(m => m is "ReadWriteOnce" or "ReadWriteOncePod") == true;
}

/// <summary>What a claim asks for.</summary>
public sealed record VolumeClaimSpec
{
    /// <summary>How it may be mounted.</summary>
    public IReadOnlyList<string>? AccessModes { get; init; }

    /// <summary>The class of its volume; absent until the cluster has given it the default one.</summary>
    public string? StorageClassName { get; init; }

    /// <summary>Filesystem or Block.</summary>
    public string? VolumeMode { get; init; }

    /// <summary>How much it asks for.</summary>
    public VolumeClaimResources? Resources { get; init; }
}

/// <summary>How much a claim asks for.</summary>
/// <param name="Requests">By resource; a claim's is `storage`.</param>
public sealed record VolumeClaimResources(IReadOnlyDictionary<string, Quantity>? Requests);

/// <summary>What a claim got.</summary>
public sealed record VolumeClaimStatus
{
    /// <summary>Pending, Bound or Lost.</summary>
    public string? Phase { get; init; }

    /// <summary>How much it got, by resource.</summary>
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }

    /// <summary>How far a growth is: Resizing, FileSystemResizePending, ControllerResizeError, NodeResizeError.</summary>
    public IReadOnlyList<ClaimCondition>? Conditions { get; init; }
}

/// <summary>A condition of a claim.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Message">The same in words.</param>
public sealed record ClaimCondition(string? Type, string? Status, string? Message);

/// <summary>JSON contracts of claims.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VolumeClaim))]
public sealed partial class ClaimJson : JsonSerializerContext;
