using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Planning;
using Slipway.Capacity.Prices;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Answers.Models;

/// <summary>Answers questions about a model whose profile is at hand. Pure.</summary>
public static class ModelAnswerer
{
    // What clouds rent and desks have, from small to large, when nobody names one.
    private static readonly string[] s_usual = ["t4", "l4", "a10g", "rtx4090", "l40s", "a100-80gb-sxm", "h100-sxm", "h200-sxm", "b200", "mi300x"];

    /// <summary>The first key of a question that is in no row of the table of accelerators; null when all are.</summary>
    public static string? UnknownAccelerator(ModelQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.Accelerators.FirstOrDefault(static k => AcceleratorTable.Bundled.Find(k) is null);
    }

    /// <summary>What it is, and where it fits.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="learned">What running deployments have shown about speed.</param>
    public static ModelAnswer Show(ModelProfile profile, ModelQuestion question, LearnedSpeed learned)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(learned);
        var traffic = question.Traffic(profile);
        var settings = new EngineSettings { Engine = question.Engine };
        var accelerators = (question.Accelerators.IsEmpty ? [.. s_usual] : question.Accelerators).Select(AcceleratorTable.Bundled.Find).OfType<AcceleratorFacts>();
        var corrections = new Corrections(learned, question.Id, question.Quantization);
        return ModelAnswer.Of(profile, traffic, accelerators.Select(a => AcceleratorFit.Of(profile, a.Device, traffic, settings, question.Cache, corrections)), learned.Of(question.Id, question.Quantization));
    }

    /// <summary>The cheapest machines that run it as was asked; null when no machine type has the accelerators.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="prices">The prices that are known.</param>
    /// <param name="learned">What running deployments have shown about speed.</param>
    public static PlansAnswer? Plan(ModelProfile profile, PlanQuestion question, PriceBook prices, LearnedSpeed learned)
    {
        ArgumentNullException.ThrowIfNull(question);
        var goal = new PlanGoal(question.Model.Traffic(profile))
        {
            FirstTokenSeconds = question.FirstTokenSeconds,
            InterTokenSeconds = question.InterTokenSeconds,
            TokensPerSecond = question.TokensPerSecond,
            PerMonth = question.PerMonth,
            Corrections = new Corrections(learned, question.Model.Id, question.Model.Quantization),
            Engine = new EngineSettings { Engine = question.Model.Engine },
            Cache = question.Model.Cache,
        };
        var wanted = question.Model.Accelerators.Select(static k => AcceleratorTable.Bundled.Find(k)?.Device.Key).ToHashSet(StringComparer.Ordinal);
        var offers = PlanQuestion.Clouds.Where(c => question.Cloud is null || c.Cloud == question.Cloud)
            .SelectMany(c => HardwareOffer.Of(c.Cloud, question.Region ?? c.Region, prices, question.Spot ? PriceKind.Spot : PriceKind.OnDemand))
            .Where(o => wanted.Count == 0 || wanted.Contains(o.Accelerator.Key)).ToList();
        return offers.Count == 0 ? null : PlansAnswer.Of(profile, goal, ModelPlanner.Plan(profile, goal, offers, question.Show));
    }
}
