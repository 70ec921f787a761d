using System.ComponentModel.DataAnnotations;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>
/// What an answer may cost: what the accelerators of a replica cost a second, times the seconds that an answer takes, as a multiple of the same of the model as it is. It is judged answer by answer, as latencies are. A candidate whose replicas
/// take more requests at one time costs less than that says, and one that takes fewer more.
/// </summary>
public sealed record CostLimit
{
    /// <summary>The multiple: 1.2 is a fifth more.</summary>
    [Range(0.1, 100)]
    public required double Ratio { get; init; }

    /// <summary>The share of answers that may not cost more: 0.9 is nine in ten.</summary>
    [Range(0.5, 0.99)]
    [SchemaDefault(0.9)]
    public double? Quantile { get; init; }
}
