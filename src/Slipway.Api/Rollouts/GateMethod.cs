using System.Text.Json.Serialization;

namespace Slipway.Api.Rollouts;

/// <summary>How a gate is decided.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateMethod>))]
public enum GateMethod
{
    /// <summary>By betting: looked at after every pair, and ended by the first verdict.</summary>
    Betting,

    /// <summary>At a number of looks that is planned beforehand, with fewer pairs for a verdict.</summary>
    GroupSequential,

    /// <summary>At one look, after the last pair.</summary>
    Fixed,
}
