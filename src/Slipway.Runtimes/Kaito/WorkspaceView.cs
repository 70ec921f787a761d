using System.Text.Json;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Kaito;

/// <summary>What a Workspace says of itself, in our words. KAITO has no state for failed inference, so this only tells what stands in the way.</summary>
/// <param name="Workspace">The Workspace.</param>
internal sealed record WorkspaceView(JsonElement Workspace)
{
    public string? Name => Workspace.Text("metadata", "name");

    public bool IsGoing => Workspace.At("metadata", "deletionTimestamp") is not null || Workspace.Condition("WorkspaceDeleting") is { IsTrue: true };

    public string? State => Workspace.Text("status", "state");

    /// <summary>Whether it answers, and what answers is what is wanted now.</summary>
    public bool IsReady => State == "Ready" && Speaks("WorkspaceSucceeded");

    /// <summary>Whether it answered once and does not now.</summary>
    public bool HasFallen => State == "NotReady";

    public bool HasNodes => Workspace.Condition("ResourceReady") is { IsTrue: true };

    /// <summary>Whether the weights are mirrored; nothing where KAITO keeps no mirrors, for then it does not say.</summary>
    public WeightsState? Weights => Workspace.Condition("ModelMirrorReady") is { } mirror ? new WeightsState(mirror.IsTrue, mirror.Reason, mirror.Message) : null;

    /// <summary>The benchmark that ends without a result leaves the Workspace unready for good (applyBenchmarkStatus of v0.12.0).</summary>
    public ObservedCondition? FailedBenchmark => Workspace.Condition("BenchmarkCompleted") is { IsFalse: true, Reason: "BenchmarkFailed" } failed ? failed : null;

    /// <summary>What stands in the way by KAITO's own account; nothing while it only waits.</summary>
    public (string Reason, string Message)? Trouble()
    {
        string[] types = ["InferenceReady", "ResourceReady", "ModelMirrorReady", "NodeClaimReady", "NodesReady"];
        foreach (var type in types)
        {
            if (Workspace.Condition(type) is not { IsFalse: true } condition) continue;
            if (!IsWaiting(condition.Reason)) return (Word(condition.Reason), Sentence(condition));
            if (ReconcileError(condition.Message) is { } error) return ("ReconcileError", $"KAITO cannot go on: {error}");
        }

        return null;
    }

    /// <summary>What it waits for, when nothing is wrong.</summary>
    public string Waiting() => HasNodes
        ? "The node is there; the model is being loaded"
        : Workspace.Condition("NodeClaimReady") is { IsFalse: true } claim
            ? $"KAITO waits for a node: {claim.Message}"
            : Workspace.Condition("ResourceReady") is { IsFalse: true } resource ? $"KAITO waits for a node: {resource.Message}" : "KAITO has not looked at it yet";

    // Conditions carry the generation that they speak of; the status as a whole carries none.
    private bool Speaks(string type)
    {
        if (Workspace.Number("metadata", "generation") is not { } wanted || Workspace.At("status", "conditions") is not { ValueKind: JsonValueKind.Array } conditions) return true;
        foreach (var condition in conditions.EnumerateArray())
        {
            if (condition.Text("type") == type) return (condition.Number("observedGeneration") ?? wanted) >= wanted;
        }

        return true;
    }

    // Reasons such as WorkspaceInferenceStatusPending, NodeClaimNotReady: progress. KAITO's WorkspaceSucceeded=False says no more than these.
    private static bool IsWaiting(string reason) =>
        reason.EndsWith("Pending", StringComparison.OrdinalIgnoreCase) || reason.EndsWith("NotReady", StringComparison.OrdinalIgnoreCase) || reason.Length == 0;

    // Errors of KAITO's own, such as a gated model without a token, are added in brackets to what it says anyway.
    private static string? ReconcileError(string message)
    {
        const string Start = "(last reconcile error: ";
        var at = message.IndexOf(Start, StringComparison.Ordinal);
        return at < 0 ? null : message[(at + Start.Length)..].TrimEnd(')');
    }

    private static string Word(string reason) => reason switch
    {
        "ImagePullError" => "ImageNotPulled",
        "ContainerCrashLoopBackOff" or "ContainerOOMKilled" => "EngineCrashed",
        "ContainerStartError" => "ContainerNotCreated",
        _ => char.ToUpperInvariant(reason[0]) + reason[1..],
    };

    private static string Sentence(ObservedCondition condition)
    {
        var words = condition.Message.TrimEnd('.');
        return condition.Reason switch
        {
            "ImagePullError" => $"The engine's image cannot be pulled: {words}. Check that the cluster may read it",
            "ContainerOOMKilled" => $"The engine used more memory than it may: {words}. Shorten spec.engine.contextLength, or choose larger nodes",
            "ContainerCrashLoopBackOff" => $"The engine stops after its start: {words}. See its log",
            "Unschedulable" => $"No node takes the model: {words}. Look at spec.nodeSelector and at what is free on the nodes",
            _ => words,
        };
    }
}
