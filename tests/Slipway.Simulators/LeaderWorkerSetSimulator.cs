using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>LeaderWorkerSet's controller (v0.10) and the kubelets.</summary>
public sealed class LeaderWorkerSetSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.LeaderWorkerSets, stages)
{
    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var wanted = Number(value, 1, "spec", "replicas");
        var ready = stage is Stage.Ready ? wanted : 0;
        var spec = value.GetProperty("spec").GetProperty("leaderWorkerTemplate");
        var size = Number(spec, 1, "size");
        var status = new JsonObject
        {
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["replicas"] = wanted,
            ["readyReplicas"] = ready,
            ["updatedReplicas"] = wanted,
            ["conditions"] = new JsonArray(
                Condition("Available", ready == wanted, ready == wanted ? "AllGroupsReady" : "GroupsNotReady"),
                Condition("Progressing", ready != wanted, ready == wanted ? "GroupsAreProgressing" : "GroupsProgressing")),
        };
        var template = spec.TryGetProperty("leaderTemplate", out var leader) ? leader : spec.GetProperty("workerTemplate");
        return new Outcome(status, [new PodGroup(Name(value), wanted * size, Labels(template))], []);
    }
}
