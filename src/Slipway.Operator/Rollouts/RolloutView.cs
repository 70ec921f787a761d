using System.Collections.Immutable;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Offline;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts;

/// <summary>All that a decision about a rollout rests on, at one moment.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Stable">The deployment that is changed.</param>
/// <param name="Candidate">The candidate, once it is there.</param>
/// <param name="Others">Rollouts of the same deployment.</param>
/// <param name="Gate">Makes a gate ready to be asked, or says why that cannot be.</param>
/// <param name="Runs">What the gates that are asked now have found.</param>
/// <param name="Traffic">The candidate's requests since they were last written down, and those in flight.</param>
/// <param name="Slower">The candidate's answers that were timed since they were last written down, limit by limit of status.traffic.latency.</param>
/// <param name="Usual">How long the answers of the deployment as it is usually take; null when it had too few.</param>
/// <param name="Countable">The limit nearest to one, and no stricter, by which answers can be counted; null while there is none.</param>
/// <param name="Obstacle">What stands in the way of dividing the traffic of a deployment, or of judging by it; null for nothing.</param>
/// <param name="Now">The time.</param>
internal sealed record RolloutView(
    ModelRollout Rollout, ModelDeployment? Stable, ModelDeployment? Candidate, IReadOnlyList<ModelRollout> Others, Func<string, (GateSetup? Setup, string? Problem)> Gate,
    IReadOnlyDictionary<string, GateRunState> Runs, SeenTraffic Traffic,
    IReadOnlyList<SlowAnswers> Slower, Func<LatencyMeasure, double, TimeSpan?> Usual, Func<LatencyMeasure, double, double?> Countable,
    Func<ModelDeployment, string?> Obstacle, DateTimeOffset Now)
{
    /// <summary>Whether the candidate fits, as long as it is not made; null where nobody looked.</summary>
    public Room? Room { get; init; }

    /// <summary>How long answers usually take by the size of the request, where that can be told.</summary>
    public Func<LatencyMeasure, double, IReadOnlyList<SizedLimit>> UsualBySize { get; init; } = static (_, _) => [];

    /// <summary>How far the answers of the model as it is are gathered; null where they are not.</summary>
    public GatherState? Gathered { get; init; }

    /// <summary>What the gates asked since it was last written down.</summary>
    public Asked Asked { get; init; }

    /// <summary>The control replica, once it is there.</summary>
    public ModelDeployment? Control { get; init; }

    /// <summary>Requests that the control replica works on now.</summary>
    public int ControlInFlight { get; init; }

    /// <summary>The control replica's requests since they were last written down.</summary>
    public SeenTraffic ControlTraffic { get; init; } = new(0, 0, 0);

    /// <summary>Whether sessions stay with one side in the step that begins now, as a clause; null where nothing is to be said.</summary>
    public string? Sessions { get; init; }

    /// <summary>What steps of parity and shadow rest on.</summary>
    public StepView Steps { get; init; } = new();
}

/// <summary>What a gate that is asked now has found.</summary>
/// <param name="Status">Its evidence.</param>
/// <param name="Broken">Why it cannot go on; null while it does.</param>
internal sealed record GateRunState(GateStatus Status, string? Broken);

/// <summary>What is to be done about a rollout.</summary>
/// <param name="Status">The status to write, before anything else is done: nothing happens whose decision is not written down.</param>
internal sealed record RolloutPlan(ModelRolloutStatus Status)
{
    /// <summary>The candidate to make.</summary>
    public ModelDeployment? Create { get; init; }

    /// <summary>How many replicas the candidate is to be told that it has; null where nothing changes.</summary>
    public int? Scale { get; init; }

    /// <summary>Whether the candidate is to go.</summary>
    public bool Delete { get; init; }

    /// <summary>Whether the control replica is to go.</summary>
    public bool DeleteControl { get; init; }

    /// <summary>Whether the candidate is to take the name of the deployment, which is stopped.</summary>
    public bool HandOver { get; init; }

    /// <summary>The gates to be asked.</summary>
    public ImmutableArray<(GateSetup Setup, GateStatus From)> Ask { get; init; } = [];

    /// <summary>The gates whose prompts the model as it is is to answer before it makes way.</summary>
    public ImmutableArray<GateSetup> Gather { get; init; } = [];

    /// <summary>Recorded requests to be asked; null for none.</summary>
    public ReplayAsk? Replay { get; init; }

    /// <summary>Prompts of which both sides are to be compared token by token; null for none.</summary>
    public ParityAsk? Compare { get; init; }

    /// <summary>Whether the rollout may be removed, if somebody wants that.</summary>
    public bool Finished { get; init; }

    /// <summary>When to look again; null for when something changes.</summary>
    public TimeSpan? After { get; init; }
}
