using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>What binds claims and lets their volumes grow; `Unschedulable` leaves them waiting.</summary>
public sealed class ClaimSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.Claims, stages)
{
    protected override Outcome Play(JsonElement value, Stage stage)
    {
        if (stage is Stage.Unschedulable) return new Outcome(new JsonObject { ["phase"] = "Pending" }, [], []);
        var spec = value.GetProperty("spec");
        var status = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = JsonNode.Parse(spec.GetProperty("accessModes").GetRawText()),
            ["capacity"] = JsonNode.Parse(spec.GetProperty("resources").GetProperty("requests").GetRawText()),
        };
        return new Outcome(status, [], []);
    }
}
