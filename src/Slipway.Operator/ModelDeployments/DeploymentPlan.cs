using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.ModelDeployments;

/// <summary>What a pass over a deployment decides.</summary>
/// <param name="Status">The status to write.</param>
/// <param name="Apply">The runtime's object to apply; none when the deployment cannot run as declared.</param>
public sealed record DeploymentPlan(ModelDeploymentStatus Status, JsonObject? Apply)
{
    /// <summary>What changed for people, against the status before: (reason, message, whether it is a warning).</summary>
    /// <param name="before">The status before.</param>
    /// <returns>One for each condition whose status or reason is new.</returns>
    public IEnumerable<(string Reason, string Message, bool Warning)> News(ModelDeploymentStatus? before)
    {
        foreach (var condition in Status.Conditions ?? [])
        {
            var old = before?.Conditions?.FirstOrDefault(c => c.Type == condition.Type);
            if (old?.Status == condition.Status && old.Reason == condition.Reason) continue;
            // Half the conditions start out false simply because nothing has happened yet.
            var warning = condition.Status is ConditionStatus.False && Status.Phase is DeploymentPhase.Failed
                || condition is { Type: ConditionTypes.Ready, Reason: "EngineCrashed" };
            if (condition.Status is ConditionStatus.True || warning || old is not null)
                yield return (condition.Reason, $"{condition.Type}: {condition.Message}", warning);
        }
    }
}
