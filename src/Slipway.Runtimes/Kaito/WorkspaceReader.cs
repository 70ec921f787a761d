using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Kaito;

/// <summary>Reads what became of a Workspace.</summary>
internal static class WorkspaceReader
{
    public static RuntimeState Read(KaitoPlan plan, Observation observed)
    {
        var name = plan.Deployment.Metadata.Name!;
        WorkspaceView? workspace = null;

        RuntimeState State(DeploymentPhase phase, string reason, string message, bool ready)
        {
            // A Workspace is one replica: it counts none itself, and its state is Ready when all pods of the replica are. Without a state nothing is known.
            int? count = workspace?.State is null ? null : ready ? 1 : 0;
            var endpoint = ready ? new EndpointStatus { Service = name, Port = 80 } : null;
            return new RuntimeState(phase, reason, message, new ReplicaStatus { Desired = 1, Ready = count, Available = count }, endpoint, workspace?.Weights);
        }

        // The kind changes with the number of replicas, so the one of before may be all that is there.
        if (observed.Find(KaitoPlan.Workspace.Kind, name) is not { } found)
            return State(DeploymentPhase.Deploying, "Deploying", "KAITO's Workspace is being made", false);
        workspace = new WorkspaceView(found);
        if (workspace.IsGoing) return State(DeploymentPhase.Terminating, "Terminating", "The model is being removed", false);
        if (workspace.IsReady) return State(DeploymentPhase.Running, "Serving", "The model answers", true);
        if (workspace.FailedBenchmark is { } benchmark)
            return State(DeploymentPhase.Failed, "BenchmarkFailed", $"KAITO's benchmark failed: {benchmark.Message}. Remove the override of kaito.sh/disable-benchmark", false);

        var fallen = workspace.HasFallen ? "It answered before and does not now. " : "";
        if (workspace.Trouble() is { } trouble) return State(DeploymentPhase.Deploying, trouble.Reason, fallen + trouble.Message, false);
        if (PodTrouble.Find(observed.Pods, observed) is { } pod) return State(DeploymentPhase.Deploying, pod.Reason, fallen + pod.Message, false);
        if (workspace.State == "Ready") return State(DeploymentPhase.Deploying, "Updating", "The model answers as before; KAITO is taking over what was changed", true);
        return workspace.HasNodes || workspace.HasFallen
            ? State(DeploymentPhase.Deploying, fallen.Length > 0 ? "NotReady" : "Starting", fallen + workspace.Waiting(), false)
            : State(DeploymentPhase.Pending, "WaitingForNodes", workspace.Waiting(), false);
    }
}
