using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Planning;
using Slipway.Capacity.Prices;
using Slipway.Models.Profiles;

namespace Slipway.Capacity.Answers.Models;

/// <summary>The price that a plan rests on.</summary>
/// <param name="Amount">An hour of the whole machine.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Source">Who says so, in words.</param>
/// <param name="AsOf">Since when it was true.</param>
/// <param name="Terms"><c>on-demand</c>, <c>spot</c>, <c>reserved</c>, <c>amortised</c>.</param>
public sealed record PlanPrice(decimal Amount, string Currency, string Source, string AsOf, string Terms);

/// <summary>One way to run a model.</summary>
/// <param name="MachineType">The machine type.</param>
/// <param name="Provider">The cloud.</param>
/// <param name="Region">The region.</param>
/// <param name="Accelerator">The key in the table of accelerators.</param>
/// <param name="Name">The accelerator's name.</param>
/// <param name="MachineDevices">Accelerators of the machine.</param>
/// <param name="DevicesPerReplica">Accelerators that a replica takes.</param>
/// <param name="Replicas">Replicas that the goal takes.</param>
/// <param name="RequestsPerReplica">Requests at once on each.</param>
/// <param name="PerHour">What all replicas cost an hour: of each machine the share that a replica takes.</param>
/// <param name="PerMonth">What they cost a month of 730 hours.</param>
/// <param name="PerMillionInputTokens">What a million prompt tokens cost while all are busy.</param>
/// <param name="PerMillionOutputTokens">What a million answer tokens cost while all are busy.</param>
/// <param name="Price">The price that this rests on; null when it is not known.</param>
/// <param name="Speed">How fast a replica is.</param>
/// <param name="Why">Why it is so many of these, in words.</param>
public sealed record PlanFact(
    string MachineType, string Provider, string Region, string Accelerator, string Name, int MachineDevices, int DevicesPerReplica, int Replicas, int RequestsPerReplica,
    CostAmount PerHour, CostAmount PerMonth, CostAmount PerMillionInputTokens, CostAmount PerMillionOutputTokens, PlanPrice? Price, SpeedAnswer Speed, string Why)
{
    internal static PlanFact Of(ModelPlan plan) => new(
        plan.Offer.Name, plan.Offer.Provider, plan.Offer.Region, plan.Offer.Accelerator.Key, plan.Offer.Accelerator.Name, plan.Offer.Devices, plan.Layout.Devices, plan.Replicas, plan.RequestsPerReplica,
        CostAmount.Of(plan.PerHour), CostAmount.Of(plan.PerMonth), CostAmount.Of(plan.Tokens.PerMillionInput), CostAmount.Of(plan.Tokens.PerMillionOutput),
        plan.Offer.Price is PriceAnswer.Known { Price: var p } ? new PlanPrice(p.Amount, p.Currency, p.Source, p.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), PriceText.Of(p.Kind)) : null,
        SpeedAnswer.Of(plan.Speed), plan.Why);
}

/// <summary>Why a kind of accelerator was left out.</summary>
/// <param name="Accelerator">Its name.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RefusalFact(string Accelerator, string Reason);

/// <summary>The cheapest ways to run a model as fast as was asked: the answer of <c>slipway models plan</c> and of the REST API.</summary>
/// <param name="Model">The repository.</param>
/// <param name="Traffic">The load that was asked for.</param>
/// <param name="Plans">The cheapest first; those without a known price last.</param>
/// <param name="Refused">What was left out, and why.</param>
public sealed record PlansAnswer(string Model, TrafficFact Traffic, ImmutableArray<PlanFact> Plans, ImmutableArray<RefusalFact> Refused)
{
    /// <summary>Of what was found.</summary>
    public static PlansAnswer Of(ModelProfile profile, PlanGoal goal, PlanResult found)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(goal);
        ArgumentNullException.ThrowIfNull(found);
        return new(profile.Identity.Id, TrafficFact.Of(goal.Traffic), [.. found.Plans.Select(PlanFact.Of)], [.. found.Refused.Select(static r => new RefusalFact(r.Accelerator, r.Reason))]);
    }
}
