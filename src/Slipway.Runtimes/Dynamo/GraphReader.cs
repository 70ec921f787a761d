using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Dynamo;

/// <summary>Reads what became of a graph.</summary>
/// <remarks>Upstream says `failed` for errors of its own only: workers that crash again and again stay `pending`, and their pods tell why.</remarks>
internal static class GraphReader
{
    public static RuntimeState Read(DynamoPlan plan, Observation observed)
    {
        var graph = observed.Find(GraphRenderer.Graph.Kind, plan.Deployment.Metadata.Name!);
        var counts = GraphCounts.Of(plan, graph);

        RuntimeState State(DeploymentPhase phase, string reason, string message) => new(
            phase,
            reason,
            message,
            new ReplicaStatus { Desired = counts.Desired, Ready = counts.Ready, Available = counts.Available },
            phase is DeploymentPhase.Running || counts.IsServing ? new EndpointStatus { Service = plan.Service, Port = 8000 } : null,
            null);

        if (graph is not { } found) return State(DeploymentPhase.Deploying, "Deploying", "Dynamo's graph is being made");
        if (found.At("metadata", "deletionTimestamp") is not null) return State(DeploymentPhase.Terminating, "Terminating", "The model is being removed");

        var (state, ready) = (found.Text("status", "state"), found.Condition("Ready"));
        if (!found.IsCurrent()) return State(DeploymentPhase.Deploying, "Updating", "Dynamo is taking over what was changed");
        if (state == "failed") return State(DeploymentPhase.Failed, "GraphFailed", $"Dynamo cannot set the graph up: {Words(ready, "it gives no reason")}");
        if (state == "successful") return WithAdapters(plan, observed, State(DeploymentPhase.Running, "Serving", counts.Ready is 1 or null ? "The model answers" : $"{counts.Ready} workers answer"));

        var trouble = PodTrouble.Find(observed.Pods, observed);
        if (counts.IsServing)
        {
            if (ready is { Reason: "rolling_update_in_progress" or "updating" })
                return State(DeploymentPhase.Running, "Updating", $"{counts.Ready} of {counts.Desired} workers answer while Dynamo replaces them: {ready.Message}");
            var message = $"{counts.Ready} of {counts.Desired} workers answer: {trouble?.Message ?? Words(ready, "the others are being brought up")}";
            return State(DeploymentPhase.Running, "PartlyServing", message) with { Degraded = new Degradation(trouble?.Reason ?? (counts.Ready < counts.Desired ? "WorkersMissing" : "NotAllReady"), message) };
        }

        // The scheduler's own words tell more than the sum that upstream makes of them.
        if (ready is { Reason: "insufficient_capacity" })
            return State(DeploymentPhase.Pending, "InsufficientCapacity", trouble?.Message ?? $"The cluster has too little room for the graph: {ready.Message}. Ask for less, free some, or add nodes");
        if (trouble is not null) return State(DeploymentPhase.Deploying, trouble.Reason, trouble.Message);
        if (found.Condition("TopologyLevelsAvailable") is { IsFalse: true } topology)
            return State(DeploymentPhase.Deploying, "TopologyNotAvailable", $"The cluster lacks the topology that the overrides ask for: {topology.Message}");
        return state == "pending"
            ? State(DeploymentPhase.Deploying, "Starting", $"The graph is being brought up: {Words(ready, "Dynamo waits for its pods")}")
            : State(DeploymentPhase.Pending, "Initializing", "Dynamo has not looked at the graph yet");
    }

    private static RuntimeState WithAdapters(DynamoPlan plan, Observation observed, RuntimeState state)
    {
        var missing = plan.Adapters.Where(a => !IsLoaded(observed.Find(GraphRenderer.Model.Kind, $"{plan.Deployment.Metadata.Name}-{a.Name}"))).ToList();
        return missing.Count == 0
            ? state
            : state with { Degraded = new Degradation("AdaptersNotLoaded", $"Not loaded into every worker: {string.Join(", ", missing.Select(a => a.Name))}. Look at the workers' logs when it stays so") };
    }

    private static bool IsLoaded(JsonElement? model) =>
        model is { } found && found.Number("status", "readyEndpoints") is { } ready and > 0 && ready >= (found.Number("status", "totalEndpoints") ?? ready);

    private static string Words(ObservedCondition? condition, string none) => condition is { Message.Length: > 0 } ? condition.Message : none;
}
