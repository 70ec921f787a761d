using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>What a candidate has to show before it may serve: on the same prompts its answers are no worse than those of the model as it is, by more than a margin.</summary>
[CustomResource("slipway.dev", "v1alpha1", "QualityGate", "qualitygates", "qualitygate", ShortNames = ["gate"])]
[PrinterColumn("Suite", ".spec.suiteRef.name", Description = "The suite that is asked")]
[PrinterColumn("Margin", ".spec.margin", Type = "number", Description = "How much worse is still good enough")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record QualityGate
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "QualityGate";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is to be shown.</summary>
    public required QualityGateSpec Spec { get; init; }
}

/// <summary>What is to be shown.</summary>
[SchemaRule("!has(self.looks) || (has(self.method) && self.method == 'GroupSequential')", "looks are planned for the method GroupSequential alone: Betting looks after every pair, Fixed once")]
public sealed record QualityGateSpec
{
    /// <summary>The suite, in the same namespace.</summary>
    public required LocalReference SuiteRef { get; init; }

    /// <summary>How much worse is still good enough: 0.05 is five prompts in a hundred.</summary>
    [Range(0.001, 0.9)]
    [SchemaDefault(0.05)]
    public double? Margin { get; init; }

    /// <summary>The chance of passing a candidate that is worse by the margin.</summary>
    [Range(0.0001, 0.5)]
    [SchemaDefault(0.05)]
    public double? Alpha { get; init; }

    /// <summary>The chance of failing a candidate that is not worse by more than the margin; shared by the gates of a step, since any of them ends a rollout.</summary>
    [Range(0.0001, 0.5)]
    [SchemaDefault(0.05)]
    public double? AlphaFail { get; init; }

    /// <summary>How it is decided: by `Betting` when absent, which may end after any pair. `GroupSequential` and `Fixed` take fewer pairs, and decide at planned looks or at the end alone.</summary>
    public GateMethod? Method { get; init; }

    /// <summary>How many looks are planned, evenly spaced, for `GroupSequential`; 5 when absent.</summary>
    [Range(2, 20)]
    public int? Looks { get; init; }

    /// <summary>Most prompts to ask, drawn with the suite's strata in their shares; all when absent.</summary>
    [Range(1, 100_000)]
    public int? Sample { get; init; }

    /// <summary>Decides which prompts are drawn and in which order.</summary>
    [SchemaDefault(1)]
    [Range(0, int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>How often each prompt may be asked, since answers have chance in them: a prompt counts once, by the mean of its answers.</summary>
    [SchemaDefault(1)]
    [Range(1, 100)]
    public int? Repeats { get; init; }

    /// <summary>How many prompts are asked at a time.</summary>
    [SchemaDefault(4)]
    [Range(1, 512)]
    public int? Concurrency { get; init; }

    /// <summary>How long an answer may take.</summary>
    [SchemaDefault(120)]
    [Range(1, 86_400)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>The share of prompts on which equal models differ, for the question whether the suite is large enough.</summary>
    [Range(0, 1)]
    [SchemaDefault(0.05)]
    public double? Discordance { get; init; }

    /// <summary>Who judges answers, for suites with graders of the type `judge`.</summary>
    public JudgeSpec? Judge { get; init; }

    /// <summary>Who turns texts into vectors, for suites with graders of the type `embedding`.</summary>
    public EmbeddingsSpec? Embeddings { get; init; }

    /// <summary>Whether to begin although the suite is too small to show what is asked for. It may end without a verdict, and that is no pass.</summary>
    public bool? AllowUnderpowered { get; init; }
}

/// <summary>A model that judges answers.</summary>
public sealed record JudgeSpec
{
    /// <summary>The ModelDeployment that judges, in the same namespace. It is to be of another family than those that it judges.</summary>
    public required LocalReference DeploymentRef { get; init; }

    /// <summary>Whether it may be the only one who grades a prompt, although a judge can be talked into anything.</summary>
    public bool? Alone { get; init; }

    /// <summary>Whether it may judge models of its own family, which models prefer.</summary>
    public bool? Kin { get; init; }
}

/// <summary>An object of the same namespace.</summary>
public sealed record LocalReference
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}
