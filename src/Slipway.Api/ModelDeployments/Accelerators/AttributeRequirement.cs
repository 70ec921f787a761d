using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.ModelDeployments.Accelerators;

/// <summary>What an attribute of a device must be.</summary>
public sealed record AttributeRequirement
{
    /// <summary>Its qualified name, such as `gpu.nvidia.com/cudaComputeCapability`.</summary>
    [MaxLength(128)]
    public required string Key { get; init; }

    /// <summary>How it is compared.</summary>
    [SchemaDefault(AttributeOperator.In)]
    public AttributeOperator? Operator { get; init; }

    /// <summary>What its values are, as the driver publishes them.</summary>
    [SchemaDefault(AttributeType.String)]
    public AttributeType? Type { get; init; }

    /// <summary>What it is compared with: any number of values for In and NotIn, one for AtLeast and AtMost, none for the others.</summary>
    [MaxLength(16)]
    public IReadOnlyList<string>? Values { get; init; }
}

/// <summary>How an attribute is compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttributeOperator>))]
public enum AttributeOperator
{
    /// <summary>It is one of the values.</summary>
    In,

    /// <summary>It is none of the values, or absent.</summary>
    NotIn,

    /// <summary>The device has it.</summary>
    Exists,

    /// <summary>The device does not have it.</summary>
    DoesNotExist,

    /// <summary>It is the value or more.</summary>
    AtLeast,

    /// <summary>It is the value or less.</summary>
    AtMost,
}

/// <summary>What the values of an attribute are (DeviceAttribute of `resource.k8s.io/v1`).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttributeType>))]
public enum AttributeType
{
    /// <summary>Texts.</summary>
    String,

    /// <summary>Whole numbers.</summary>
    Int,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>Versions as semver.org has them, such as 9.0.0.</summary>
    Version,
}
