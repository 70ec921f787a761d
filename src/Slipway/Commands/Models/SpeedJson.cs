using System.Text.Json.Nodes;
using Slipway.Models.Speed;

namespace Slipway.Commands.Models;

/// <summary>Estimates of speed as JSON; docs/cli.md documents the members.</summary>
internal static class SpeedJson
{
    public static JsonObject Of(SpeedEstimate speed) => new()
    {
        ["firstTokenSeconds"] = Of(speed.FirstTokenSeconds),
        ["interTokenSeconds"] = Of(speed.InterTokenSeconds),
        ["tokensPerSecondPerUser"] = Of(speed.TokensPerUser),
        ["outputTokensPerSecond"] = Of(speed.OutputTokensPerSecond),
        ["running"] = speed.Running,
        ["parts"] = new JsonArray([.. speed.Parts.Select(static p => new JsonObject { ["kind"] = p.Kind.ToString(), ["seconds"] = p.Seconds })]),
        ["outside"] = new JsonArray([.. speed.Outside.Select(static o => (JsonNode)o)]),
    };

    private static JsonObject Of(Band band) => new() { ["low"] = band.Low, ["estimate"] = band.Middle, ["high"] = band.High };
}
