using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Fails a deployment that has made no progress for too long; most operators never say that something has failed.</summary>
internal static class ProgressDeadline
{
    /// <summary>States the condition `Progressing`, and turns a state that took too long into a failure.</summary>
    /// <param name="state">The state as the runtime read it.</param>
    /// <param name="deployment">The deployment, as it stands.</param>
    /// <param name="deadline">How long it may take; for ever when absent.</param>
    /// <param name="conditions">The conditions of this pass, with `Ready` of the pass before.</param>
    /// <param name="now">The time.</param>
    /// <returns>The state to report, and when to look again.</returns>
    public static (RuntimeState State, TimeSpan? LookAgain) Hold(
        RuntimeState state, ModelDeployment deployment, TimeSpan? deadline, ConditionSet conditions, DateTimeOffset now)
    {
        // What is wanted now is new: the time begins again.
        if (deployment.Status?.ObservedGeneration != deployment.Metadata.Generation) conditions.Remove(ConditionTypes.Progressing);
        var before = conditions.Find(ConditionTypes.Progressing);
        if (state.Phase is DeploymentPhase.Running || state.Replicas.Desired == 0)
        {
            conditions.True(ConditionTypes.Progressing, "Complete", "Nothing is left to be brought up");
            return (state, null);
        }

        if (state.Phase is DeploymentPhase.Failed || deadline is not { } limit)
        {
            conditions.Remove(ConditionTypes.Progressing);
            return (state, null);
        }

        var since = before is { Status: ConditionStatus.True, Reason: "Deploying" } ? before.LastTransitionTime
            : before is { Status: ConditionStatus.False } late ? late.LastTransitionTime - limit
            : now;
        var left = since + limit - now;
        if (left > TimeSpan.Zero)
        {
            // Removed first: from "Complete" to "Deploying" the status stays True, but the time must begin again.
            if (before is { Reason: "Complete" }) conditions.Remove(ConditionTypes.Progressing);
            conditions.True(ConditionTypes.Progressing, "Deploying", $"Has until {since + limit:u} to come up");
            return (state, left);
        }

        var message = $"Not up within {Words(limit)}: {state.Message}";
        conditions.False(ConditionTypes.Progressing, "ProgressDeadlineExceeded", $"Was to be up by {since + limit:u}; it is still tried. spec.progressDeadlineSeconds gives it longer");
        return (state with { Phase = DeploymentPhase.Failed, Reason = "ProgressDeadlineExceeded", Message = message }, null);
    }

    private static string Words(TimeSpan time) => time.TotalMinutes >= 2 ? $"{time.TotalMinutes:0} minutes" : $"{time.TotalSeconds:0} seconds";
}
