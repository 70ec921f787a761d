using System.Globalization;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;
using Slipway.Operator.Rollouts;

namespace Slipway.Commands.Rollouts;

/// <summary>Whether a suite is large enough for a gate, before anything is begun. The controller would say so too, but only when the objects are there.</summary>
internal static class GatePower
{
    /// <summary>What a gate lacks; null when nothing, or where it may be tried all the same.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="suite">Its suite.</param>
    /// <returns>What is lacking, and the margin that would do.</returns>
    public static (string What, string Margin)? Lack(QualityGateSpec gate, Evaluation.Suites.EvaluationSuite suite)
    {
        var units = Sampling.Units(suite.Prompts, 1).Length;
        var margin = gate.Margin ?? 0.05;
        if (gate.AllowUnderpowered == true || Power.Short(new NonInferiority(margin), units, gate.Discordance, gate.Method.Test(), gate.Looks) is not { } lack) return null;
        return (
            string.Create(CultureInfo.InvariantCulture, $"Suite {suite.Name} has {units} prompts, too few to show that a candidate is no more than {margin * 100:0.##} points worse, which takes about {lack.Needed}"),
            string.Create(CultureInfo.InvariantCulture, $"{lack.Margin:0.###}"));
    }
}
