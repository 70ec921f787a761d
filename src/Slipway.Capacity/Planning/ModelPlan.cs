using Slipway.Capacity.Cost;
using Slipway.Models.Memory;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Planning;

/// <summary>One way to run a model for a goal.</summary>
public sealed record ModelPlan
{
    /// <summary>On which machine.</summary>
    public required HardwareOffer Offer { get; init; }

    /// <summary>How a replica is spread over its devices.</summary>
    public required Layout Layout { get; init; }

    /// <summary>How many replicas the goal takes.</summary>
    public required int Replicas { get; init; }

    /// <summary>Requests at once on each replica.</summary>
    public required int RequestsPerReplica { get; init; }

    /// <summary>Whether and how it fits.</summary>
    public required Fit Fit { get; init; }

    /// <summary>How fast a replica is with its part of the requests.</summary>
    public required SpeedEstimate Speed { get; init; }

    /// <summary>What all replicas cost an hour: of each machine the share that a replica takes.</summary>
    public required CostSum PerHour { get; init; }

    /// <summary>What all replicas cost a month of 730 hours.</summary>
    public CostSum PerMonth => PerHour.Times(ReplicaCost.HoursPerMonth);

    /// <summary>What tokens cost while the replicas are busy all the time.</summary>
    public required TokenCost Tokens { get; init; }

    /// <summary>Why it is so many of these, in words.</summary>
    public required string Why { get; init; }
}

/// <summary>What was found.</summary>
/// <param name="Plans">The cheapest first; those without a known price last.</param>
/// <param name="Refused">Which machines were left out, and why: one line a kind of accelerator.</param>
public sealed record PlanResult(IReadOnlyList<ModelPlan> Plans, IReadOnlyList<PlanRefusal> Refused);

/// <summary>Why a kind of accelerator was left out.</summary>
/// <param name="Accelerator">Its name.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PlanRefusal(string Accelerator, string Reason);
