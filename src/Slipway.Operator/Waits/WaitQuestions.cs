using Slipway.Api.ModelDeployments;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Queues;

namespace Slipway.Operator.Waits;

/// <summary>What is to be looked up for a deployment that waits.</summary>
/// <param name="Quotas">Whether pods, or claims of theirs, are yet to be made, which a quota may forbid.</param>
/// <param name="Queue">The queue that may hold its pods back; null when it goes through none.</param>
/// <param name="Nodes">Whether pods find no node, so that it matters what makes nodes.</param>
/// <param name="Settles">Whether it is too early to tell: pods are on their way, and counted by quotas before they are seen.</param>
internal sealed record WaitQuestions(bool Quotas, string? Queue, bool Nodes, bool Settles)
{
    /// <summary>How long after its object was made a deployment's pods may be on their way.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <summary>Whether anything is to be looked up.</summary>
    public bool Any => Quotas || Queue is not null || Nodes;

    /// <summary>Decides. Nothing is looked up for what runs as it should, or was just begun.</summary>
    /// <param name="plan">What was decided about the deployment.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="input">What that rests on.</param>
    public static WaitQuestions Of(DeploymentPlan plan, ModelDeployment deployment, PlanInput input)
    {
        var none = new WaitQuestions(false, null, false, false);
        if (plan is not { Runtime: not null, Status.Provider: { ResourceKind: { } kind, ResourceName: { } name } } || plan.Status.Replicas is not { Desired: > 0 } replicas) return none;
        if (!input.Objects.ContainsKey(new ObjectId(kind, name)) || (plan.Status.Phase is DeploymentPhase.Running && replicas.Ready >= replicas.Desired)) return none;
        var created = plan.Status.Conditions?.FirstOrDefault(static c => c.Type == ConditionTypes.ResourceCreated)?.LastTransitionTime;
        var settled = created is { } since && input.Now - since >= Settled;
        var missing = !QuotaAsks.Of(plan.Rendered, input.Pods, QuotaAsks.NoClasses).Pods.IsEmpty;
        var unplaced = input.Pods.Any(static p => p.Status?.Conditions?.Any(static c => c is { Type: "PodScheduled", Status: "False", Reason: not "SchedulingGated" }) == true);
        return new(missing && settled, KueueQueue.Of(deployment), unplaced, missing && !settled);
    }
}
