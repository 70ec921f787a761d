using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>What was decided about a rollout, and on what it rests, signed. It outlives the rollout, and is never changed: a decision that is gone back on has a record of its own.</summary>
[CustomResource("slipway.dev", "v1alpha1", "RolloutRecord", "rolloutrecords", "rolloutrecord")]
[PrinterColumn("Rollout", ".spec.rolloutRef.name", Description = "The rollout")]
[PrinterColumn("Deployment", ".spec.deployment", Description = "The deployment that was to be changed")]
[PrinterColumn("Result", ".spec.result", Description = "PASSED, WARNED or FAILED, as the signed statement has it")]
[PrinterColumn("Decided", ".spec.decided", Type = "date")]
[PrinterColumn("Why", ".spec.why", Description = "Why, in words", Priority = 1)]
public sealed record RolloutRecord
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "RolloutRecord";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What was decided.</summary>
    public required RolloutRecordSpec Spec { get; init; }
}

/// <summary>What was decided. All of it but the envelope is for people and tables; what is believed is the envelope, whose signature is checked.</summary>
[SchemaRule("self == oldSelf", "a record is never changed")]
public sealed record RolloutRecordSpec
{
    /// <summary>The rollout.</summary>
    public required RolloutReference RolloutRef { get; init; }

    /// <summary>The deployment that was to be changed.</summary>
    [MaxLength(253)]
    public string? Deployment { get; init; }

    /// <summary>PASSED; WARNED, where somebody went on although a gate had no verdict; or FAILED.</summary>
    [MaxLength(20)]
    public string? Result { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Decided { get; init; }

    /// <summary>Why, in words.</summary>
    [MaxLength(10_000)]
    public string? Why { get; init; }

    /// <summary>An in-toto test result in a DSSE envelope, as JSON.</summary>
    [MaxLength(1_000_000)]
    public required string Envelope { get; init; }
}

/// <summary>A rollout of the same namespace, and which one of that name.</summary>
public sealed record RolloutReference
{
    /// <summary>Its name.</summary>
    [MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>Its uid.</summary>
    [MaxLength(100)]
    public string? Uid { get; init; }
}
