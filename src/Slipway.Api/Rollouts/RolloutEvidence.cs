using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>What both sides of a rollout answered to the prompts of a gate, to be read side by side. It goes with its rollout; verdicts do not rest on it.</summary>
[CustomResource("slipway.dev", "v1alpha1", "RolloutEvidence", "rolloutevidences", "rolloutevidence")]
[PrinterColumn("Rollout", ".spec.rolloutRef.name", Description = "The rollout")]
[PrinterColumn("Gate", ".spec.gate", Description = "The gate")]
[PrinterColumn("Pairs", ".spec.pairs", Type = "integer", Description = "How many pairs are in it")]
[PrinterColumn("Left out", ".spec.leftOut", Type = "integer", Description = "How many pairs are not")]
public sealed record RolloutEvidence
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "RolloutEvidence";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What was answered.</summary>
    public required RolloutEvidenceSpec Spec { get; init; }
}

/// <summary>What was answered.</summary>
public sealed record RolloutEvidenceSpec
{
    /// <summary>The rollout.</summary>
    public required RolloutReference RolloutRef { get; init; }

    /// <summary>The gate.</summary>
    public required string Gate { get; init; }

    /// <summary>The step of the gate, from 0.</summary>
    [Range(0, 20)]
    public int Step { get; init; }

    /// <summary>How many pairs are in it.</summary>
    [Range(0, 10_000_000)]
    public int Pairs { get; init; }

    /// <summary>How many pairs are not: those on which both sides scored alike, where all are more than an object may have; and those of before an operator lost its folder.</summary>
    [Range(0, 10_000_000)]
    public int? LeftOut { get; init; }

    /// <summary>The digest of the whole file, which the signed record of the decision has as well.</summary>
    public string? Digest { get; init; }

    /// <summary>The pairs, a JSON object a line, compressed by gzip, in base64.</summary>
    [MaxLength(1_000_000)]
    public required string Content { get; init; }
}
