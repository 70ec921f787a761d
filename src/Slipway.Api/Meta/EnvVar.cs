using Slipway.Api.Schemas;

namespace Slipway.Api.Meta;

/// <summary>An environment variable of the engine's process or container.</summary>
public sealed record EnvVar
{
    /// <summary>The variable's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its value; `$(NAME)` refers to variables that come before it, `$$` stands for one `$`.</summary>
    public string? Value { get; init; }

    /// <summary>Where the value is taken from instead.</summary>
    public EnvVarSource? ValueFrom { get; init; }
}

/// <summary>A source for an environment variable's value; exactly one is given.</summary>
public sealed record EnvVarSource
{
    /// <summary>A key of a ConfigMap in the same namespace.</summary>
    [AtomicMap]
    public KeySelector? ConfigMapKeyRef { get; init; }

    /// <summary>A field of the pod.</summary>
    [AtomicMap]
    public FieldSelector? FieldRef { get; init; }

    /// <summary>A key in a file of environment variables on a volume.</summary>
    [AtomicMap]
    public FileKeySelector? FileKeyRef { get; init; }

    /// <summary>A resource limit or request of a container.</summary>
    [AtomicMap]
    public ResourceFieldSelector? ResourceFieldRef { get; init; }

    /// <summary>A key of a Secret in the same namespace.</summary>
    [AtomicMap]
    public KeySelector? SecretKeyRef { get; init; }
}

/// <summary>Selects a key of a ConfigMap or Secret.</summary>
public sealed record KeySelector
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The object's name.</summary>
    [SchemaDefault("")]
    public string? Name { get; init; }

    /// <summary>Whether the object and its key may be absent.</summary>
    public bool? Optional { get; init; }
}

/// <summary>Selects a field of the pod.</summary>
public sealed record FieldSelector
{
    /// <summary>The version of the schema that the path is written in; v1 when absent.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The path of the field, such as `metadata.name`.</summary>
    public required string FieldPath { get; init; }
}

/// <summary>Selects a key in a file of environment variables.</summary>
public sealed record FileKeySelector
{
    /// <summary>The key; at most 128 characters.</summary>
    public required string Key { get; init; }

    /// <summary>Whether the file and its key may be absent.</summary>
    [SchemaDefault(false)]
    public bool? Optional { get; init; }

    /// <summary>The file's path within the volume: relative, without `..`.</summary>
    public required string Path { get; init; }

    /// <summary>The name of the volume that holds the file.</summary>
    public required string VolumeName { get; init; }
}

/// <summary>Selects a resource limit or request of a container.</summary>
public sealed record ResourceFieldSelector
{
    /// <summary>The container's name.</summary>
    public string? ContainerName { get; init; }

    /// <summary>The unit of the value; 1 when absent.</summary>
    public Quantity? Divisor { get; init; }

    /// <summary>The resource, such as `limits.cpu`.</summary>
    public required string Resource { get; init; }
}
