using System.ComponentModel.DataAnnotations;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Api.Schemas;

namespace Slipway.Api.Schedules;

/// <summary>Asks a model that serves a suite again and again, and raises an alarm when its answers are worse than they were: whoever changed it, and by whatever way.</summary>
[CustomResource("slipway.dev", "v1alpha1", "EvaluationSchedule", "evaluationschedules", "evaluationschedule", ShortNames = ["evals"])]
[PrinterColumn("Deployment", ".spec.deploymentRef.name", Description = "The deployment that is asked")]
[PrinterColumn("Suite", ".spec.suiteRef.name", Description = "The suite")]
[PrinterColumn("Reference", ".status.reference.score", Type = "number", Description = "The score that it is held to")]
[PrinterColumn("Last", ".status.lastScore", Type = "number", Description = "The last score")]
[PrinterColumn("Drifted", ".status.conditions[?(@.type==\"Drifted\")].status", Description = "Whether it is worse than it was")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
public sealed record EvaluationSchedule
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The condition that is true once the alarm is raised.</summary>
    public const string Drifted = "Drifted";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "EvaluationSchedule";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is asked, and when.</summary>
    public required EvaluationScheduleSpec Spec { get; init; }

    /// <summary>What was found.</summary>
    public EvaluationScheduleStatus? Status { get; init; }
}

/// <summary>What is asked, and when.</summary>
public sealed record EvaluationScheduleSpec
{
    /// <summary>The ModelDeployment, in the same namespace. Where a rollout has put another in its place, that one is asked.</summary>
    public required LocalReference DeploymentRef { get; init; }

    /// <summary>The EvaluationSuite, in the same namespace.</summary>
    public required LocalReference SuiteRef { get; init; }

    /// <summary>Seconds from one run to the next.</summary>
    [Range(10, 31_536_000)]
    [SchemaDefault(21_600)]
    public int? EverySeconds { get; init; }

    /// <summary>Prompts of a run, drawn by chance each time; all when absent. The first run asks all of them, for the reference.</summary>
    [Range(1, 100_000)]
    public int? Sample { get; init; }

    /// <summary>How many prompts are asked at a time; users are served by the same engines.</summary>
    [Range(1, 64)]
    [SchemaDefault(2)]
    public int? Concurrency { get; init; }

    /// <summary>How far the score may fall below the reference without alarm: 0.05 is five points.</summary>
    [Range(0.001, 0.9)]
    [SchemaDefault(0.05)]
    public double? Margin { get; init; }

    /// <summary>How many prompts it takes at the least, on average, until a false alarm.</summary>
    [Range(100, 1_000_000_000)]
    [SchemaDefault(10_000)]
    public int? AverageRunLength { get; init; }

    /// <summary>Who judges answers, for suites with graders of the type `judge`.</summary>
    public JudgeSpec? Judge { get; init; }

    /// <summary>Who turns texts into vectors, for suites with graders of the type `embedding`.</summary>
    public EmbeddingsSpec? Embeddings { get; init; }

    /// <summary>How long an answer may take.</summary>
    [Range(1, 86_400)]
    [SchemaDefault(120)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>Counted up, it takes the next run for the reference: what the model is like now is what it is to be like.</summary>
    [Range(0, int.MaxValue)]
    public int? Accepted { get; init; }

    /// <summary>Asks nothing for now.</summary>
    public bool? Suspend { get; init; }
}

/// <summary>What was found.</summary>
public sealed record EvaluationScheduleStatus
{
    /// <summary>The generation that this says something of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>What goes on, in words.</summary>
    public string? Message { get; init; }

    /// <summary>When the last run began.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>The score of the last run.</summary>
    public double? LastScore { get; init; }

    /// <summary>What later runs are held to.</summary>
    public ReferenceRun? Reference { get; init; }

    /// <summary>For each stake the logarithm of the evidence that the score has fallen; none before the first run after the reference.</summary>
    public IReadOnlyList<double>? Evidence { get; init; }

    /// <summary>How near the alarm is, from 0 to 1.</summary>
    public double? EvidenceShare { get; init; }

    /// <summary>The runs, the latest 200, in order.</summary>
    public IReadOnlyList<ScheduledRun>? Runs { get; init; }

    /// <summary>The conditions.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>What runs are held to.</summary>
public sealed record ReferenceRun
{
    /// <summary>When it was asked.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The suite's digest; another one makes the next run the reference.</summary>
    public required string SuiteDigest { get; init; }

    /// <summary>`spec.accepted` at that time.</summary>
    public int Accepted { get; init; }

    /// <summary>The mean score.</summary>
    public double Score { get; init; }

    /// <summary>The score of each prompt in the suite's order, a byte each from 0 to 255, in base64.</summary>
    public required string Scores { get; init; }
}

/// <summary>A run.</summary>
public sealed record ScheduledRun
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The mean score of the prompts that have one.</summary>
    public double Score { get; init; }

    /// <summary>Prompts with a score.</summary>
    public int Prompts { get; init; }

    /// <summary>Prompts that have none, since infrastructure failed.</summary>
    public int Missing { get; init; }

    /// <summary>The reference's score of the same prompts.</summary>
    public double? Reference { get; init; }

    /// <summary>How near the alarm was after it, from 0 to 1.</summary>
    public double? EvidenceShare { get; init; }

    /// <summary>The generation of the deployment that answered.</summary>
    public long? Generation { get; init; }

    /// <summary>Why it does not count; null when it does.</summary>
    public string? Void { get; init; }
}
