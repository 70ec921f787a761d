using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>A gateway's controller, for its Gateways: an address, and programmed; without either while `Loading`.</summary>
public sealed class GatewaySimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.Gateways, stages)
{
    public const string Address = "192.0.2.10";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var works = stage is not Stage.Loading;
        var status = new JsonObject
        {
            ["addresses"] = works ? new JsonArray(new JsonObject { ["type"] = "IPAddress", ["value"] = Address }) : [],
            ["conditions"] = new JsonArray(Condition("Accepted", true, "Accepted"), Condition("Programmed", works, works ? "Programmed" : "AddressNotAssigned", works ? "" : "No address was assigned")),
        };
        return new Outcome(status, [], []);
    }
}

/// <summary>A gateway's controller, for routes: taken, unless the deployment is at `Failed`, whose namespace no listener lets in; not looked at while `Loading`.</summary>
public sealed class RouteSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.HttpRoutes, stages)
{
    public const string NotLetIn = "No listener of the Gateway allows routes of this namespace";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        if (stage is Stage.Loading) return new Outcome(new JsonObject { ["parents"] = new JsonArray() }, [], []);
        var accepted = stage is not Stage.Failed;
        var parents = value.GetProperty("spec").GetProperty("parentRefs").EnumerateArray().Select(p => (JsonNode)new JsonObject
        {
            ["parentRef"] = JsonNode.Parse(p.GetRawText()),
            ["controllerName"] = "example.com/simulated",
            ["conditions"] = new JsonArray(
                Seen(Condition("Accepted", accepted, accepted ? "Accepted" : "NotAllowedByListeners", accepted ? "" : NotLetIn), value),
                Seen(Condition("ResolvedRefs", true, "ResolvedRefs"), value)),
        });
        return new Outcome(new JsonObject { ["parents"] = new JsonArray([.. parents]) }, [], []);
    }

    private static JsonObject Seen(JsonObject condition, JsonElement route)
    {
        condition["observedGeneration"] = route.GetProperty("metadata").GetProperty("generation").GetInt64();
        return condition;
    }
}
