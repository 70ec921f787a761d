using System.Collections.Immutable;
using Slipway.Capacity.Planning;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Answers.Models;

/// <summary>The load that an estimate is for.</summary>
/// <param name="PromptTokens">Tokens of a prompt.</param>
/// <param name="OutputTokens">Tokens of an answer.</param>
/// <param name="Concurrency">Requests at the same time.</param>
public sealed record TrafficFact(int PromptTokens, int OutputTokens, int Concurrency)
{
    internal static TrafficFact Of(Traffic traffic) => new(traffic.PromptTokens, traffic.OutputTokens, traffic.Concurrency);
}

/// <summary>What a model is and where it fits: the answer of <c>slipway models show</c> and of the REST API.</summary>
/// <param name="Model">What it is.</param>
/// <param name="Traffic">The load that was asked for.</param>
/// <param name="Accelerators">Where it fits, in the order asked for.</param>
/// <param name="Measured">How fast it was where it runs, the latest first.</param>
public sealed record ModelAnswer(ModelFact Model, TrafficFact Traffic, ImmutableArray<FitAnswer> Accelerators, ImmutableArray<MeasuredFact> Measured)
{
    /// <summary>Of a profile and what was computed of it.</summary>
    public static ModelAnswer Of(ModelProfile profile, Traffic traffic, IEnumerable<AcceleratorFit> rows, IEnumerable<SpeedObservation> measured) =>
        new(ModelFact.Of(profile), TrafficFact.Of(traffic), [.. rows.Select(FitAnswer.Of)], [.. measured.Select(MeasuredFact.Of)]);
}
