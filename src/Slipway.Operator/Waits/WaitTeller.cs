using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Queues;
using Slipway.Capacity.Quotas;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes.Queues;

namespace Slipway.Operator.Waits;

/// <summary>Says in a deployment's status what it waits for beyond its pods: quotas, its queue, and whether anything makes nodes. Pure.</summary>
internal static class WaitTeller
{
    // Neither quotas nor queues are watched.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(10);

    /// <summary>Adds it to what was decided.</summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="input">What that rests on.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="facts">What was looked up.</param>
    public static DeploymentPlan Say(DeploymentPlan plan, ModelDeployment deployment, PlanInput input, WaitQuestions asked, WaitFacts facts)
    {
        if (plan.Runtime is null) return plan;
        var conditions = new ConditionSet(plan.Status.Conditions, deployment.Metadata.Generation, input.Now);
        string?[] said = [Quota(plan, input, asked, facts, conditions), Queue(deployment, input, asked, facts, conditions), Nodes(plan, asked, facts)];
        var more = string.Join(". ", said.OfType<string>());
        var status = plan.Status;
        if (more.Length > 0)
        {
            status = status with { Message = Joined(status.Message, more) };
            if (conditions.Find(ConditionTypes.Ready) is { Status: ConditionStatus.False } ready) conditions.False(ConditionTypes.Ready, ready.Reason ?? "Waiting", Joined(ready.Message, more));
        }

        var again = asked.Settles ? WaitQuestions.Settled : asked.Quotas || asked.Queue is not null ? s_again : (TimeSpan?)null;
        return plan with { Status = status with { Conditions = conditions.Conditions }, LookAgain = plan.LookAgain is { } before && (again is null || before < again) ? before : again };
    }

    private static string? Quota(DeploymentPlan plan, PlanInput input, WaitQuestions asked, WaitFacts facts, ConditionSet conditions)
    {
        // Not told now: what was told before stands.
        if (asked.Quotas && facts.Quotas is null) return conditions.Find(ConditionTypes.WithinQuota)?.Message;
        var wrong = facts.Quotas is not { } quotas ? []
            : QuotaFinding.Of(quotas, QuotaAsks.Of(plan.Rendered, input.Pods, facts.Classes)).Where(static f => f.Fits is false || f.Unsaid).Select(static f => f.Say()).ToList();
        if (wrong.Count == 0)
        {
            conditions.Remove(ConditionTypes.WithinQuota);
            return null;
        }

        var message = $"What is yet to be made exceeds {(wrong.Count == 1 ? "a quota" : "quotas")} of the namespace: {string.Join("; ", wrong)}. Ask for less, free some, or have the quota raised";
        conditions.False(ConditionTypes.WithinQuota, "QuotaExceeded", message);
        return message;
    }

    private static string? Queue(ModelDeployment deployment, PlanInput input, WaitQuestions asked, WaitFacts facts, ConditionSet conditions)
    {
        if (KueueQueue.Of(deployment) is not { } queue)
        {
            conditions.Remove(ConditionTypes.QueueAdmitted);
            return null;
        }

        // What runs was let in; of the rest nothing is known without a look.
        if (asked.Queue is null || facts.HasKueue is null) return null;
        string Wait(string reason, string message)
        {
            conditions.False(ConditionTypes.QueueAdmitted, reason, message);
            return message;
        }

        if (facts.HasKueue is false) return Wait("NotServed", $"The cluster has no Kueue, so that nothing lets the queue {queue} in: install it, or leave spec.scheduling.queueName out");
        if (!facts.Queues.Contains(queue))
            return Wait("QueueMissing", $"There is no LocalQueue {queue} in the namespace: {(facts.Queues.IsEmpty ? "whoever runs Kueue has to make one" : $"there {(facts.Queues.Length == 1 ? "is" : "are")} {string.Join(", ", facts.Queues)}")}");
        var owners = input.Objects.Values.Select(static o => o.Identity.Uid).Concat(input.Pods.Select(static p => p.Metadata.Uid ?? "")).Where(static u => u.Length > 0).ToHashSet(StringComparer.Ordinal);
        var read = QueueAdmission.Of(facts.Workloads, owners);
        if (read.Waiting > 0) return Wait("Waiting", $"Kueue has it wait in queue {queue}{(read.Message.Length == 0 ? "" : $": {read.Message}")}");
        if (read.Admitted > 0) conditions.True(ConditionTypes.QueueAdmitted, "Admitted", $"Kueue let it in through queue {queue}");
        else conditions.Set(ConditionTypes.QueueAdmitted, ConditionStatus.Unknown, "Unseen", $"Kueue has said nothing of it in queue {queue} yet: if this lasts, the kind that runs the model is not among Kueue's integrations");
        return null;
    }

    private static string? Nodes(DeploymentPlan plan, WaitQuestions asked, WaitFacts facts)
    {
        if (!asked.Nodes || facts.NodeMakers.IsEmpty) return null;
        var claims = plan.Rendered.Any(static o => (string?)o["kind"] is "ResourceClaimTemplate") || plan.Rendered.Any(static o => o.ToJsonString().Contains("\"resourceClaimName\"", StringComparison.Ordinal));
        return string.Join(". ", facts.NodeMakers.Select(m => m.Say(claims)));
    }

    private static string Joined(string? before, string more) => string.IsNullOrEmpty(before) ? more : $"{before.TrimEnd('.')}. {more}";
}
