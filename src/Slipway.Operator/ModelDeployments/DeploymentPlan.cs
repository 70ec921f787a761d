using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Operator.Gateways;
using Slipway.Operator.Sizing;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>What a pass over a deployment decides.</summary>
/// <param name="Status">The status to write.</param>
/// <param name="Changes">The changes to make to the runtime's objects, in order.</param>
public sealed record DeploymentPlan(ModelDeploymentStatus Status, IReadOnlyList<ObjectChange> Changes)
{
    // The others start out false because nothing has happened yet, or say what these say too.
    private static readonly string[] s_told =
        [ConditionTypes.Validated, ConditionTypes.ProviderSelected, ConditionTypes.ProviderCompatible, ConditionTypes.Sized, ConditionTypes.ResourceCreated, ConditionTypes.Ready, ConditionTypes.GatewayReady, ConditionTypes.Degraded];

    /// <summary>The runtime that drives the deployment; none when nothing was chosen or another controller drives it.</summary>
    public IRuntime? Runtime { get; init; }

    /// <summary>What the runtime renders; nothing where nothing came so far.</summary>
    public IReadOnlyList<JsonObject> Rendered { get; init; } = [];

    /// <summary>Claims to make or to let grow, before anything else.</summary>
    public IReadOnlyList<ObjectChange> Claims { get; init; } = [];

    /// <summary>Changes to the deployment's route through the gateway, after everything else; that the cluster refuses them does not stop the model.</summary>
    public IReadOnlyList<ObjectChange> Routes { get; init; } = [];

    /// <summary>A sizing to write into the deployment before anything is made by it; nothing else is done in that pass.</summary>
    public ModelSizing? Record { get; init; }

    /// <summary>When to look again even if nothing changes.</summary>
    public TimeSpan? LookAgain { get; init; }

    /// <summary>What changed for people, against the status before: (reason, message, whether it is a warning).</summary>
    /// <param name="before">The status before.</param>
    /// <returns>One for each new reason among the conditions that are worth telling: where one condition fails for another, the first says it.</returns>
    public IEnumerable<(string Reason, string Message, bool Warning)> News(ModelDeploymentStatus? before) => Told(before).DistinctBy(n => n.Reason);

    private IEnumerable<(string Reason, string Message, bool Warning)> Told(ModelDeploymentStatus? before)
    {
        foreach (var condition in (Status.Conditions ?? []).Where(c => s_told.Contains(c.Type)))
        {
            var old = before?.Conditions?.FirstOrDefault(c => c.Type == condition.Type);
            if (old?.Status == condition.Status && old.Reason == condition.Reason) continue;
            var holds = condition.Status is ConditionStatus.True;
            var warning = condition.Type == ConditionTypes.Degraded ? holds
                : !holds && (Status.Phase is DeploymentPhase.Failed || condition is { Type: ConditionTypes.Ready, Reason: "EngineCrashed" or "Unschedulable" } || condition.Type == ConditionTypes.ProviderCompatible
                    || condition is { Type: ConditionTypes.GatewayReady, Reason: not (GatewayPlanner.Waiting or GatewayPlanner.Pending) });
            var worthTelling = condition.Type is ConditionTypes.Sized ? holds : condition.Type is ConditionTypes.ProviderSelected or ConditionTypes.Ready ? holds || warning || old is not null : warning;
            if (worthTelling) yield return (condition.Reason, $"{condition.Type}: {condition.Message}", warning);
        }
    }
}
