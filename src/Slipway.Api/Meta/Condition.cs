using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Slipway.Api.Meta;

/// <summary>One observed aspect of an object's state.</summary>
public sealed record Condition
{
    /// <summary>What is stated, in CamelCase.</summary>
    [MaxLength(316)]
    [RegularExpression(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")]
    public required string Type { get; init; }

    /// <summary>Whether it holds.</summary>
    public required ConditionStatus Status { get; init; }

    /// <summary>The generation of the object that was looked at.</summary>
    [Range(0, long.MaxValue)]
    public long? ObservedGeneration { get; init; }

    /// <summary>When the status last changed.</summary>
    public required DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>Why, as one CamelCase word for programs.</summary>
    [MinLength(1)]
    [MaxLength(1024)]
    [RegularExpression("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")]
    public required string Reason { get; init; }

    /// <summary>Why, for people, with what they can do about it.</summary>
    [MaxLength(32768)]
    public required string Message { get; init; }
}

/// <summary>Whether a condition holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,

    /// <summary>It does not hold.</summary>
    False,
}
