using System.Globalization;
using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;

namespace Slipway.Web.Rollouts.Begin;

/// <summary>A rollout before it is declared: one gate, then shares of the traffic. What the page and `slipway rollout start` ask for is this.</summary>
public sealed record RolloutDraft
{
    /// <summary>The namespace.</summary>
    public required string Space { get; init; }

    /// <summary>The name of the rollout and of its gate.</summary>
    public required string Name { get; init; }

    /// <summary>The deployment that is to be changed.</summary>
    public required string Deployment { get; init; }

    /// <summary>What is different: merged into the deployment's spec (RFC 7386).</summary>
    public required JsonElement Candidate { get; init; }

    /// <summary>What the candidate has to show.</summary>
    public required QualityGateSpec Quality { get; init; }

    /// <summary>How near it has to be token by token, after the gate; null for no such step.</summary>
    public ParityStep? Parity { get; init; }

    /// <summary>What users asked that it is asked too, before it has traffic; null for no such step.</summary>
    public ShadowStep? Shadow { get; init; }

    /// <summary>Whether it waits for approval between the gate and the traffic.</summary>
    public bool Approve { get; init; }

    /// <summary>Shares of the traffic that the candidate takes one after the other, of a hundred requests.</summary>
    public IReadOnlyList<int> Weights { get; init; } = [10, 50];

    /// <summary>How slow it may be; null for no limits.</summary>
    public IReadOnlyList<LatencyLimit>? Latency { get; init; }

    /// <summary>What its answers may cost; null for no limit.</summary>
    public CostLimit? Cost { get; init; }

    /// <summary>What it may take up while it is under way; null for what is free.</summary>
    public RolloutCapacity? Capacity { get; init; }

    /// <summary>What it may spend before somebody is asked; null for no limits.</summary>
    public RolloutBudget? Budget { get; init; }

    /// <summary>How many answers of the candidate do not count for latency in each step with traffic; null for none.</summary>
    public int? WarmupRequests { get; init; }

    /// <summary>How long the model as it was is kept after its place was taken, seconds.</summary>
    public int KeepStableSeconds { get; init; } = 600;

    /// <summary>The name of a rollout that was given none: the deployment's, and the time.</summary>
    /// <param name="deployment">The deployment's name.</param>
    /// <param name="now">The time.</param>
    public static string NameOf(string deployment, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"{deployment}-{now.UtcDateTime:yyyyMMdd-HHmmss}");

    /// <summary>The gate.</summary>
    public QualityGate Gate() => new() { Metadata = Metadata, Spec = Quality };

    /// <summary>The rollout.</summary>
    public ModelRollout Rollout() => new()
    {
        Metadata = Metadata,
        Spec = new ModelRolloutSpec
        {
            DeploymentRef = new LocalReference { Name = Deployment },
            Candidate = Candidate,
            Steps =
            [
                new RolloutStep { Gates = [Name] },
                .. Parity is null ? Array.Empty<RolloutStep>() : [new RolloutStep { Parity = Parity }],
                .. Shadow is null ? Array.Empty<RolloutStep>() : [new RolloutStep { Shadow = Shadow }],
                .. Approve ? [new RolloutStep { Pause = new PauseStep { Message = "The answers are good enough; traffic waits for approval" } }] : Array.Empty<RolloutStep>(),
                .. Weights.Select(w => new RolloutStep { Canary = new CanaryStep { Weight = w, WarmupRequests = WarmupRequests } }),
            ],
            Latency = Latency is { Count: > 0 } ? Latency : null,
            Cost = Cost,
            Capacity = Capacity,
            Budget = Budget,
            KeepStableSeconds = KeepStableSeconds,
        },
    };

    private ObjectMeta Metadata => new() { Name = Name, Namespace = Space };
}
