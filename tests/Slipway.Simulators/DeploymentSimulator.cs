using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>Kubernetes' Deployment controller and the kubelets.</summary>
public sealed class DeploymentSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.Deployments, stages)
{
    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var wanted = Number(value, 1, "spec", "replicas");
        var ready = stage is Stage.Ready ? wanted : 0;
        var status = new JsonObject
        {
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["replicas"] = wanted,
            ["updatedReplicas"] = wanted,
            ["readyReplicas"] = ready,
            ["availableReplicas"] = ready,
            ["unavailableReplicas"] = wanted - ready,
            ["conditions"] = new JsonArray(
                Condition("Available", ready == wanted, ready == wanted ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", ready == wanted ? "Deployment has minimum availability." : "Deployment does not have minimum availability."),
                stage is Stage.Failed
                    ? Condition("Progressing", false, "ProgressDeadlineExceeded", $"ReplicaSet \"{Name(value)}-abc\" has timed out progressing.")
                    : Condition("Progressing", true, ready == wanted ? "NewReplicaSetAvailable" : "ReplicaSetUpdated")),
        };
        return new Outcome(status, [new PodGroup(Name(value), wanted, Labels(value.GetProperty("spec").GetProperty("template")))], []);
    }
}
