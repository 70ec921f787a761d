using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Kaito;

/// <summary>Reads what became of an InferenceSet: its counts, and what its Workspaces say stands in the way.</summary>
internal static class InferenceSetReader
{
    public static RuntimeState Read(KaitoPlan plan, Observation observed)
    {
        var (name, desired) = (plan.Deployment.Metadata.Name!, plan.Replicas);
        var set = observed.Find(KaitoPlan.InferenceSet.Kind, name);
        var ready = set?.Number("status", "readyReplicas");

        RuntimeState State(DeploymentPhase phase, string reason, string message) => new(
            phase,
            reason,
            message,
            new ReplicaStatus { Desired = desired, Ready = ready, Available = ready },
            phase is DeploymentPhase.Running ? new EndpointStatus { Service = name + KaitoPlan.ServiceSuffix, Port = 80 } : null,
            null);

        if (set is not { } found) return State(DeploymentPhase.Deploying, "Deploying", "KAITO's InferenceSet is being made");
        if (found.At("metadata", "deletionTimestamp") is not null || found.Condition("InferenceSetDeleting") is { IsTrue: true })
            return State(DeploymentPhase.Terminating, "Terminating", "The model is being removed");
        if (desired == 0) return State(DeploymentPhase.Pending, "ScaledToZero", "Stopped on request: spec.scaling.replicas is 0");

        var workspaces = Workspaces(observed, name);
        var trouble = Trouble(workspaces) ?? (PodTrouble.Find(observed.Pods, observed) is { } pod ? (pod.Reason, pod.Message) : null);
        if (ready >= desired) return State(DeploymentPhase.Running, "Serving", $"{ready} replicas answer");
        if (ready > 0)
        {
            var message = $"{ready} of {desired} replicas answer" + (trouble is { } why ? $": {why.Message}" : "");
            return State(DeploymentPhase.Running, "PartlyServing", message) with { Degraded = new Degradation(trouble?.Reason ?? "ReplicasMissing", message) };
        }

        var failed = workspaces.Select(w => w.FailedBenchmark).FirstOrDefault(b => b is not null);
        if (failed is not null && workspaces.All(w => w.FailedBenchmark is not null))
            return State(DeploymentPhase.Failed, "BenchmarkFailed", $"KAITO's benchmark failed: {failed.Message}. Remove the override of kaito.sh/disable-benchmark");
        if (trouble is { } stands) return State(DeploymentPhase.Deploying, stands.Reason, stands.Message);
        // Other than inferencesetNotReady, which only counts: inferencesetFailed.
        if (workspaces.Count == 0 && found.Condition("InferenceSetReady") is { IsFalse: true } refused && refused.Reason != "inferencesetNotReady")
            return State(DeploymentPhase.Deploying, "ReplicasNotMade", $"KAITO cannot make the replicas: {refused.Message}");
        if (workspaces.FirstOrDefault(w => w.HasNodes) is not null) return State(DeploymentPhase.Deploying, "Starting", "The nodes are there; the model is being loaded");
        return State(DeploymentPhase.Pending, "WaitingForNodes", workspaces.Count > 0 ? workspaces[0].Waiting() : "KAITO has not made the replicas yet");
    }

    private static (string Reason, string Message)? Trouble(IEnumerable<WorkspaceView> workspaces) =>
        workspaces.Select(w => w.IsReady || w.IsGoing ? null : w.Trouble()).FirstOrDefault(t => t is not null);

    private static List<WorkspaceView> Workspaces(Observation observed, string set) =>
    [
        .. observed.Objects
            .Where(o => o.Key.Kind == KaitoPlan.Workspace.Kind && BelongsTo(o.Value, set))
            .OrderBy(o => o.Key.Name, StringComparer.Ordinal)
            .Select(o => new WorkspaceView(o.Value)),
    ];

    private static bool BelongsTo(JsonElement workspace, string set) => workspace.Text("metadata", "labels", InferenceSetRenderer.CreatedBy) == set;
}
