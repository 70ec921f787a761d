using System.Text.Json.Serialization;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>How far a rollout is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutPhase>))]
public enum RolloutPhase
{
    /// <summary>Something has to be mended, or to end, before it can begin.</summary>
    Pending,

    /// <summary>The candidate is being brought up.</summary>
    Provisioning,

    /// <summary>It goes through its steps.</summary>
    Progressing,

    /// <summary>It waits for somebody: for an approval, or because a gate ended without a verdict.</summary>
    Paused,

    /// <summary>The candidate has all the traffic; the model as it was is kept for a while.</summary>
    Promoting,

    /// <summary>The candidate has the place.</summary>
    Promoted,

    /// <summary>The traffic is where it was; the candidate is kept for a while.</summary>
    RollingBack,

    /// <summary>The candidate is gone.</summary>
    RolledBack,
}

/// <summary>What is.</summary>
public sealed record ModelRolloutStatus
{
    /// <summary>The generation that this says something of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>How far it is.</summary>
    public RolloutPhase? Phase { get; init; }

    /// <summary>The step that it is at, from 0.</summary>
    public int? Step { get; init; }

    /// <summary>When the step began.</summary>
    public DateTimeOffset? StepStartTime { get; init; }

    /// <summary>When the rollout began.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it was decided: promoted, or turned down.</summary>
    public DateTimeOffset? DecisionTime { get; init; }

    /// <summary>The name of the candidate's ModelDeployment.</summary>
    public string? CandidateName { get; init; }

    /// <summary>How many of a hundred requests the candidate answers. The gateway goes by this and nothing else: it is written together with the decision that it rests on.</summary>
    public int? CandidateWeight { get; init; }

    /// <summary>The digest of what decides how the model as it is answers, when the rollout began: a change of it in the middle ends the rollout.</summary>
    public string? StableDigest { get; init; }

    /// <summary>The digest of the candidate's spec, likewise.</summary>
    public string? CandidateDigest { get; init; }

    /// <summary>Approvals that were made use of.</summary>
    public int? ApprovalsUsed { get; init; }

    /// <summary>What is going on, in words.</summary>
    public string? Message { get; init; }

    /// <summary>The evidence of each gate.</summary>
    public IReadOnlyList<GateStatus>? Gates { get; init; }

    /// <summary>What each parity step measured.</summary>
    public IReadOnlyList<ParityStatus>? Parity { get; init; }

    /// <summary>The evidence of each shadow step.</summary>
    public IReadOnlyList<ShadowStatus>? Shadow { get; init; }

    /// <summary>The candidate's requests in the current step, as far as they are written down.</summary>
    public TrafficStatus? Traffic { get; init; }

    /// <summary>Who has how many replicas; null where both have what they declare.</summary>
    public CapacityStatus? Capacity { get; init; }

    /// <summary>What was spent; null where nothing is limited.</summary>
    public BudgetUsed? BudgetUsed { get; init; }

    /// <summary>What was decided, and why, in order.</summary>
    public IReadOnlyList<RolloutDecision>? History { get; init; }

    /// <summary>The conditions.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>Requests of users that the candidate answered.</summary>
public sealed record TrafficStatus
{
    /// <summary>Requests.</summary>
    public long Requests { get; init; }

    /// <summary>Those that came to nothing.</summary>
    public long Failures { get; init; }

    /// <summary>Requests of the control replica meanwhile, where there is one.</summary>
    public long? ControlRequests { get; init; }

    /// <summary>Those of them that came to nothing.</summary>
    public long? ControlFailures { get; init; }

    /// <summary>How many took longer than they may, limit by limit in the order of spec.latency.</summary>
    public IReadOnlyList<LatencyEvidence>? Latency { get; init; }
}

/// <summary>The evidence of a limit: all that it takes to go on after a crash, or to compute the verdict by hand.</summary>
public sealed record LatencyEvidence
{
    /// <summary>What is timed.</summary>
    public required LatencyMeasure Measure { get; init; }

    /// <summary>The limit, seconds: as the rollout says it, or what its ratio came to when the step began.</summary>
    public double LimitSeconds { get; init; }

    /// <summary>Limits for requests of some sizes, smallest first, where a ratio came to others for them; <see cref="LimitSeconds"/> is for the rest.</summary>
    public IReadOnlyList<SizedLimit>? Sizes { get; init; }

    /// <summary>Answers that were timed.</summary>
    public long Requests { get; init; }

    /// <summary>Those that took longer.</summary>
    public long Slower { get; init; }
}

/// <summary>Something that was decided.</summary>
public sealed record RolloutDecision
{
    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The step, from 0.</summary>
    public int? Step { get; init; }

    /// <summary>What: Started, Gathered, GatePassed, GateFailed, GateUndecided, ParityPassed, ParityFailed, ParityUndecided, ShadowPassed, ShadowFailed, ShadowUndecided, Shifted, CanaryPassed, Scaled, Swapped, BudgetExhausted, Approved, Promoting, Promoted or Aborted.</summary>
    public required string What { get; init; }

    /// <summary>Why, with the figures that it rests on.</summary>
    public required string Why { get; init; }
}

/// <summary>The evidence of a gate: all that it takes to go on after a crash, or to compute the verdict by hand.</summary>
public sealed record GateStatus
{
    /// <summary>The gate's name.</summary>
    public required string Name { get; init; }

    /// <summary>The step that it belongs to, from 0.</summary>
    public int Step { get; init; }

    /// <summary>Pass, Fail, Undecided or Running.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The suite's digest; another one in the middle ends the rollout.</summary>
    public string? SuiteDigest { get; init; }

    /// <summary>The seed of the order in which prompts are asked.</summary>
    public long Seed { get; init; }

    /// <summary>How much worse is still good enough.</summary>
    public double Margin { get; init; }

    /// <summary>The chance of a false pass.</summary>
    public double Alpha { get; init; }

    /// <summary>The chance of a false failure.</summary>
    public double AlphaFail { get; init; }

    /// <summary>How it is decided; by betting when absent.</summary>
    public GateMethod? Method { get; init; }

    /// <summary>How many looks are planned, where it is not decided by betting.</summary>
    public int? Looks { get; init; }

    /// <summary>Units (prompts, or conversations) in the order drawn that are behind it; the next one is asked next.</summary>
    public long Asked { get; init; }

    /// <summary>Units that there are.</summary>
    public long Total { get; init; }

    /// <summary>Units that only the candidate got right.</summary>
    public long Better { get; init; }

    /// <summary>Units that both got right, or both wrong.</summary>
    public long Same { get; init; }

    /// <summary>Units that only the model as it is got right.</summary>
    public long Worse { get; init; }

    /// <summary>Prompts that have no score.</summary>
    public long Missing { get; init; }

    /// <summary>Prompts asked.</summary>
    public long Prompts { get; init; }

    /// <summary>Sum of the scores of the model as it is.</summary>
    public double BaselineSum { get; init; }

    /// <summary>Sum of the candidate's scores.</summary>
    public double CandidateSum { get; init; }

    /// <summary>Requests of the model as it is that came to nothing.</summary>
    public long BaselineFailures { get; init; }

    /// <summary>Requests of the candidate that came to nothing.</summary>
    public long CandidateFailures { get; init; }

    /// <summary>Where scores lie between right and wrong: units so far.</summary>
    public long? GradedSamples { get; init; }

    /// <summary>The sum of their differences.</summary>
    public double? GradedSum { get; init; }

    /// <summary>The sum of the squares of their differences.</summary>
    public double? GradedSquares { get; init; }

    /// <summary>For each stake the logarithm of the evidence for a pass.</summary>
    public IReadOnlyList<double>? GradedPass { get; init; }

    /// <summary>For each stake the logarithm of the evidence for a failure.</summary>
    public IReadOnlyList<double>? GradedFail { get; init; }

    /// <summary>Evidence for a pass, as a share of what decides it; for pictures.</summary>
    public double PassEvidence { get; init; }

    /// <summary>Evidence for a failure, as a share of what decides it; for pictures.</summary>
    public double FailEvidence { get; init; }
}
