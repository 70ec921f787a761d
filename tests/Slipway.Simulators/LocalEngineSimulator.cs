using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>The agent of a machine, as the Local runtime meets it: processes that answer on loopback ports, with no pods and no Services.</summary>
public sealed class LocalEngineSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.LocalEngines, stages)
{
    protected override string Finalizer => "slipway.dev/local-engine";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var wanted = Number(value, 1, "spec", "replicas");
        var state = stage switch { Stage.Ready => "Ready", Stage.Crashing => "Backoff", _ => "Loading" };
        var failed = stage is Stage.Failed;
        var status = new JsonObject
        {
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["readyReplicas"] = stage is Stage.Ready ? wanted : 0,
            ["replicas"] = new JsonArray([.. Enumerable.Range(0, failed ? 0 : wanted).Select(i => (JsonNode)new JsonObject { ["index"] = i, ["port"] = 20000 + i, ["state"] = state })]),
            ["conditions"] = new JsonArray(
                Condition("EngineReady", true, "Found"),
                Condition("ModelReady", !failed, failed ? "NotFound" : "Local", failed ? "the repository has no file of that name" : ""),
                Condition("Accepted", true, "Accepted")),
        };
        return new Outcome(status, [], []);
    }
}
