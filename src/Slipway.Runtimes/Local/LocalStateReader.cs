using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Local;

/// <summary>Reads what became of a LocalEngine.</summary>
internal static class LocalStateReader
{
    /// <summary>The conditions that this machine's agent writes on a LocalEngine.</summary>
    internal const string EngineReady = "EngineReady";
    internal const string ModelReady = "ModelReady";
    internal const string Accepted = "Accepted";

    public static RuntimeState Read(LocalEngine engine)
    {
        var desired = engine.Spec.Replicas ?? 1;
        var status = engine.Status;
        // A status of an earlier generation still tells what runs, not whether what is wanted now runs.
        var current = status?.ObservedGeneration == engine.Metadata.Generation;
        var ready = status?.ReadyReplicas ?? 0;
        var replicas = new ReplicaStatus { Desired = desired, Ready = ready, Available = ready };
        var endpoint = status?.Replicas?.FirstOrDefault(r => r is { State: "Ready", Port: not null }) is { } first
            ? new EndpointStatus { Service = "127.0.0.1", Port = first.Port }
            : null;
        var model = Find(status, ModelReady);
        var weights = model is null ? null : new WeightsState(model.Status == ConditionStatus.True, model.Reason, model.Message);

        RuntimeState State(DeploymentPhase phase, string reason, string message) => new(phase, reason, message, replicas, endpoint, weights);

        if (!current) return State(DeploymentPhase.Deploying, "Deploying", status?.Message ?? "Waiting for this machine's agent");
        if (Find(status, EngineReady) is { Status: ConditionStatus.False } noEngine)
            return State(Phase(noEngine), noEngine.Reason, noEngine.Message);
        if (model is { Status: ConditionStatus.False }) return State(Phase(model), model.Reason, model.Message);
        if (Find(status, Accepted) is { Status: ConditionStatus.False } refused) return State(DeploymentPhase.Failed, refused.Reason, refused.Message);
        if (desired == 0) return State(DeploymentPhase.Pending, "ScaledToZero", "Stopped on request: spec.scaling.replicas is 0");

        var broken = status!.Replicas?.FirstOrDefault(r => r.State == "Backoff");
        if (ready >= desired) return State(DeploymentPhase.Running, "Serving", Serving(ready));
        if (broken is not null) return State(DeploymentPhase.Deploying, "EngineCrashed", broken.Message ?? "The engine stopped and is started again");
        if (ready > 0) return State(DeploymentPhase.Running, "PartlyServing", $"{ready} of {desired} replicas answer");
        return State(DeploymentPhase.Deploying, "Starting", status.Message ?? "The engine is starting");
    }

    private static string Serving(int ready) => ready == 1 ? "The model answers" : $"{ready} replicas answer";

    // What is retried by itself is on its way; the rest waits for somebody to mend it.
    private static DeploymentPhase Phase(Condition condition) =>
        condition.Reason is "Downloading" or "Resolving" or "Installing" or "Retrying" ? DeploymentPhase.Deploying : DeploymentPhase.Failed;

    private static Condition? Find(LocalEngineStatus? status, string type) => status?.Conditions?.FirstOrDefault(c => c.Type == type);
}
