using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>
/// A change of a model that serves, made only as fast as evidence allows: the candidate runs beside the model as it is, passes gates, takes a share of the traffic, and takes its place; or the
/// traffic stays, or goes back, where it was.
/// </summary>
[CustomResource("slipway.dev", "v1alpha1", "ModelRollout", "modelrollouts", "modelrollout", ShortNames = ["mro"])]
[PrinterColumn("Deployment", ".spec.deploymentRef.name", Description = "The deployment that is changed")]
[PrinterColumn("Phase", ".status.phase", Description = "How far it is")]
[PrinterColumn("Step", ".status.step", Type = "integer", Description = "The step that it is at, from 0")]
[PrinterColumn("Weight", ".status.candidateWeight", Type = "integer", Description = "How many of a hundred requests the candidate answers")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Message", ".status.message", Description = "What is going on, in words", Priority = 1)]
public sealed record ModelRollout
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The finalizer that keeps the object until its candidate is gone.</summary>
    public const string Finalizer = "slipway.dev/modelrollout";

    /// <summary>The label of a candidate: the rollout that made it.</summary>
    public const string Label = "slipway.dev/rollout";

    /// <summary>The annotation of a deployment whose place was taken: the deployment that took it.</summary>
    public const string ReplacedByAnnotation = "slipway.dev/replaced-by";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "ModelRollout";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is wanted.</summary>
    public required ModelRolloutSpec Spec { get; init; }

    /// <summary>What is.</summary>
    public ModelRolloutStatus? Status { get; init; }
}

/// <summary>What is wanted of a rollout.</summary>
public sealed record ModelRolloutSpec
{
    /// <summary>The ModelDeployment that is to be changed, in the same namespace.</summary>
    public required LocalReference DeploymentRef { get; init; }

    /// <summary>What is different: merged into the deployment's spec (RFC 7386). A model, a revision, a quantisation, an engine's image or arguments, adapters, a runtime.</summary>
    [PreserveUnknownFields]
    public required JsonElement Candidate { get; init; }

    /// <summary>What has to happen before the candidate takes the place, in order.</summary>
    [MaxLength(20)]
    public required IReadOnlyList<RolloutStep> Steps { get; init; }

    /// <summary>The largest share of the candidate's requests that may come to nothing, in every step that gives it traffic. Beside a control replica it is how much larger than the control's that share may be.</summary>
    [Range(0.001, 0.9)]
    [SchemaDefault(0.05)]
    public double? MostErrors { get; init; }

    /// <summary>How slow the candidate's answers may be, in every step that gives it traffic: all of these have to be shown, and one that is shown to be missed ends the rollout.</summary>
    [MaxLength(6)]
    public IReadOnlyList<LatencyLimit>? Latency { get; init; }

    /// <summary>What the candidate's answers may cost, in every step that gives it traffic.</summary>
    public CostLimit? Cost { get; init; }

    /// <summary>Gives up, and goes back, when it is not through after this long.</summary>
    [Range(10, 2_592_000)]
    [SchemaDefault(7200)]
    public int? DeadlineSeconds { get; init; }

    /// <summary>How long the model as it was is kept running after its place was taken, so that going back is a matter of weights.</summary>
    [Range(0, 2_592_000)]
    [SchemaDefault(600)]
    public int? KeepStableSeconds { get; init; }

    /// <summary>How long a candidate that was turned down is kept running, to look at what is wrong with it.</summary>
    [Range(0, 2_592_000)]
    [SchemaDefault(60)]
    public int? KeepCandidateSeconds { get; init; }

    /// <summary>What it may take up while it is under way.</summary>
    public RolloutCapacity? Capacity { get; init; }

    /// <summary>What it may spend before somebody is asked.</summary>
    public RolloutBudget? Budget { get; init; }

    /// <summary>How many steps that wait for approval are approved.</summary>
    [Range(0, 20)]
    public int? Approved { get; init; }

    /// <summary>Set to true, it takes all traffic back to the model as it was, as long as that is kept.</summary>
    public bool? Abort { get; init; }
}

/// <summary>A step: gates, a comparison token by token, users' requests asked a second time, a share of the traffic, or a pause.</summary>
[SchemaRule("[has(self.gates), has(self.parity), has(self.shadow), has(self.canary), has(self.pause)].filter(x, x).size() == 1", "a step is one of gates, parity, shadow, canary and pause")]
public sealed record RolloutStep
{
    /// <summary>QualityGates of the same namespace that all have to pass, asked while the candidate has no traffic of users.</summary>
    [MaxLength(10)]
    public IReadOnlyList<string>? Gates { get; init; }

    /// <summary>A comparison of both sides token by token.</summary>
    public ParityStep? Parity { get; init; }

    /// <summary>Users' requests, asked of the candidate a second time.</summary>
    public ShadowStep? Shadow { get; init; }

    /// <summary>A share of the traffic.</summary>
    public CanaryStep? Canary { get; init; }

    /// <summary>Waits until somebody approves.</summary>
    public PauseStep? Pause { get; init; }
}

/// <summary>A share of the traffic, until it is shown that requests do not fail.</summary>
public sealed record CanaryStep
{
    /// <summary>How many of a hundred requests the candidate answers. Requests with one and the same Slipway-Session header stay with whoever answered the first; in a cluster the Gateway is asked to see to that, where it can.</summary>
    [Range(1, 100)]
    public required int Weight { get; init; }

    /// <summary>How long it takes at least.</summary>
    [Range(0, 2_592_000)]
    [SchemaDefault(30)]
    public int? MinSeconds { get; init; }

    /// <summary>How many requests the candidate answers at least.</summary>
    [Range(0, 10_000_000)]
    [SchemaDefault(0)]
    public int? MinRequests { get; init; }

    /// <summary>The candidate's first answers in this step, so many, do not count for spec.latency: an engine that has only just been given traffic is slow. Errors count from the first.</summary>
    [Range(0, 10_000_000)]
    [SchemaDefault(0)]
    public int? WarmupRequests { get; init; }
}

/// <summary>Waits until somebody approves: spec.approved has to be larger than the number of pauses before.</summary>
public sealed record PauseStep
{
    /// <summary>What whoever approves should look at.</summary>
    public string? Message { get; init; }
}
