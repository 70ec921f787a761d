using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>What is timed of an answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LatencyMeasure>))]
public enum LatencyMeasure
{
    /// <summary>From the request to the first token; streams only.</summary>
    FirstToken,

    /// <summary>The mean time between two tokens of one answer; streams only.</summary>
    BetweenTokens,

    /// <summary>From the request to the end of the answer, streamed or not.</summary>
    WholeAnswer,
}

/// <summary>
/// How slow answers may be: of a share of them at most so many seconds, or so many times what the model as it is takes. A quantile is a rate in disguise: that nine in ten answers take at most so long is
/// that one in ten takes longer, and that is counted, request by request.
/// </summary>
[SchemaRule("has(self.seconds) != has(self.ratio)", "a limit is either seconds or a ratio")]
public sealed record LatencyLimit
{
    /// <summary>What is timed.</summary>
    public required LatencyMeasure Measure { get; init; }

    /// <summary>The share of answers that may not take longer: 0.9 is nine in ten.</summary>
    [Range(0.5, 0.99)]
    [SchemaDefault(0.9)]
    public double? Quantile { get; init; }

    /// <summary>The limit in seconds.</summary>
    [Range(0.0001, 86_400)]
    public double? Seconds { get; init; }

    /// <summary>The limit as a multiple of what the model as it is takes at the same quantile, of its last requests when the step begins.</summary>
    [Range(0.5, 100)]
    public double? Ratio { get; init; }
}
