using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>KAITO's Workspace controller (v0.12): a Service of the Workspace's name on port 80, conditions, no Failed for inference.</summary>
public sealed class WorkspaceSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.Workspaces, stages)
{
    protected override string Finalizer => "workspace.finalizer.kaito.sh";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var name = Name(value);
        var placed = stage is not Stage.Unschedulable;
        var ready = stage is Stage.Ready;
        var status = new JsonObject
        {
            ["state"] = ready ? "Ready" : placed ? "NotReady" : "Pending",
            ["conditions"] = new JsonArray(
                stage is Stage.Failed
                    ? Condition("ResourceReady", false, "workspaceResourceStatusFailed", "no instance type offers 8 GPUs in this region")
                    : Condition("ResourceReady", placed, placed ? "workspaceResourceStatusSuccess" : "workspaceResourceStatusPending"),
                Condition("InferenceReady", ready, ready ? "WorkspaceInferenceStatusSuccess" : "WorkspaceInferenceStatusPending"),
                Condition("WorkspaceSucceeded", ready, ready ? "workspaceSucceeded" : "workspacePending")),
        };
        var labels = new JsonObject { ["kaito.sh/workspace"] = name };
        return new Outcome(status, [new PodGroup(name, 1, labels)], [(name, 80)]);
    }
}

/// <summary>KAITO's InferenceSet controller (v0.12): one Workspace a replica, no Service of its own.</summary>
public sealed class InferenceSetSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.InferenceSets, stages)
{
    protected override string Finalizer => "inferenceset.finalizer.kaito.sh";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var name = Name(value);
        var wanted = Number(value, 1, "spec", "replicas");
        var ready = stage is Stage.Ready ? wanted : 0;
        var status = new JsonObject
        {
            ["replicas"] = wanted,
            ["readyReplicas"] = ready,
            ["selector"] = $"inferenceset.kaito.sh/created-by={name}",
            ["conditions"] = new JsonArray(Condition("InferenceSetReady", ready == wanted, ready == wanted ? "InferenceSetReady" : "InferenceSetNotReady")),
        };
        return new Outcome(status, [new PodGroup(name, wanted, new JsonObject { ["inferenceset.kaito.sh/created-by"] = name })], []);
    }
}
