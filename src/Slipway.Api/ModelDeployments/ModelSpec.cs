using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments;

/// <summary>Which model.</summary>
public sealed record ModelSpec
{
    /// <summary>The model's id on the Hugging Face Hub or in the local store, such as `org/name`. Required unless the source is custom.</summary>
    public string? Id { get; init; }

    /// <summary>The name that requests give in `model`; the last part of the id when absent.</summary>
    public string? ServedName { get; init; }

    /// <summary>Where the model comes from.</summary>
    [SchemaDefault(ModelSource.HuggingFace)]
    public ModelSource? Source { get; init; }

    /// <summary>Volumes for weights and caches.</summary>
    public ModelStorageSpec? Storage { get; init; }

    /// <summary>The branch, tag or commit of the model's repository; `main` when absent. A commit pins the very files.</summary>
    public string? Revision { get; init; }

    /// <summary>Which quantisation of a repository with several GGUF files, such as `Q4_K_M`; a middle one when absent.</summary>
    public string? Quantization { get; init; }

    /// <summary>The very GGUF file of the repository, instead of a quantisation.</summary>
    public string? File { get; init; }

    /// <summary>Low-rank adapters (LoRA) that are served beside the model, each under its own name.</summary>
    [MaxLength(64)]
    [ListMap("name")]
    public IReadOnlyList<ModelAdapter>? Adapters { get; init; }
}

/// <summary>A low-rank adapter (LoRA), served beside the model that it was trained on.</summary>
public sealed record ModelAdapter
{
    /// <summary>The name that requests give in `model` to get it.</summary>
    [MaxLength(63)]
    [RegularExpression(@"^[a-z0-9]([a-z0-9\-]*[a-z0-9])?$")]
    public required string Name { get; init; }

    /// <summary>Its repository on the Hugging Face Hub.</summary>
    public string? Id { get; init; }

    /// <summary>A container image with its files, for runtimes that take adapters that way.</summary>
    public string? Image { get; init; }
}

/// <summary>Where a model comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelSource>))]
public enum ModelSource
{
    /// <summary>The Hugging Face Hub, its cache, or the local store.</summary>
    [JsonStringEnumMemberName("huggingface")]
    HuggingFace,

    /// <summary>It is inside the container image.</summary>
    [JsonStringEnumMemberName("custom")]
    Custom,
}

/// <summary>Volumes for weights and caches.</summary>
public sealed record ModelStorageSpec
{
    /// <summary>The volumes, mounted into the engine's containers.</summary>
    [MaxLength(8)]
    [ListMap("name")]
    public IReadOnlyList<StorageVolume>? Volumes { get; init; }
}

/// <summary>A persistent volume for model data.</summary>
public sealed record StorageVolume
{
    /// <summary>The volume's name, unique in the deployment.</summary>
    [MaxLength(63)]
    [RegularExpression(@"^[a-z0-9]([a-z0-9\-]*[a-z0-9])?$")]
    public required string Name { get; init; }

    /// <summary>The PersistentVolumeClaim; with a size given, `DEPLOYMENT-VOLUME` when absent, else required.</summary>
    public string? ClaimName { get; init; }

    /// <summary>Where it is mounted; /model-cache or /compilation-cache by purpose, required for a custom one.</summary>
    public string? MountPath { get; init; }

    /// <summary>What the volume is for.</summary>
    [SchemaDefault(VolumePurpose.Custom)]
    public VolumePurpose? Purpose { get; init; }

    /// <summary>Whether it is mounted read-only.</summary>
    [SchemaDefault(false)]
    public bool? ReadOnly { get; init; }

    /// <summary>The size of a claim that Slipway makes; absent for a claim that exists.</summary>
    public Quantity? Size { get; init; }

    /// <summary>The StorageClass of a claim that Slipway makes; the cluster's default when absent, none when empty.</summary>
    public string? StorageClassName { get; init; }

    /// <summary>The access mode of a claim that Slipway makes; ReadWriteMany when absent.</summary>
    public VolumeAccessMode? AccessMode { get; init; }

    /// <summary>An OCI image whose files are mounted read-only, instead of a claim (Kubernetes' image volumes).</summary>
    public string? Image { get; init; }
}

/// <summary>What a volume is for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumePurpose>))]
public enum VolumePurpose
{
    /// <summary>Downloaded weights.</summary>
    [JsonStringEnumMemberName("modelCache")]
    ModelCache,

    /// <summary>Compiled kernels and graphs.</summary>
    [JsonStringEnumMemberName("compilationCache")]
    CompilationCache,

    /// <summary>Something else.</summary>
    [JsonStringEnumMemberName("custom")]
    Custom,
}

/// <summary>How a volume may be mounted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeAccessMode>))]
public enum VolumeAccessMode
{
    /// <summary>Written by one node.</summary>
    ReadWriteOnce,

    /// <summary>Written by many nodes.</summary>
    ReadWriteMany,

    /// <summary>Read by many nodes.</summary>
    ReadOnlyMany,

    /// <summary>Written by one pod.</summary>
    ReadWriteOncePod,
}
