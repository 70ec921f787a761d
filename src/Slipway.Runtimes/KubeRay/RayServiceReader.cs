using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.KubeRay;

/// <summary>Reads what became of a RayService.</summary>
/// <remarks>
/// The condition `Ready` says that requests find a way in, the application's status that a model stands behind it: it takes both. Pods
/// without a Serve proxy are never ready, so that readiness of pods says nothing.
/// </remarks>
internal static class RayServiceReader
{
    public static RuntimeState Read(KubeRayPlan plan, Observation observed)
    {
        if (observed.Find(KubeRayPlan.RayService.Kind, plan.Deployment.Metadata.Name!) is not { } service)
            return State(plan, null, DeploymentPhase.Deploying, "Deploying", "The RayService is being made");
        var (active, pending) = (ServeStatus.Read(service, "activeServiceStatus"), ServeStatus.Read(service, "pendingServiceStatus"));
        var current = service.IsCurrent() && service.At("status", "observedGeneration") is not null;
        var view = new View(service.Condition("Ready"), active, pending, current, PodTrouble.Find(observed.Pods, observed));

        if (service.At("metadata", "deletionTimestamp") is not null)
            return State(plan, view, DeploymentPhase.Terminating, "Terminating", "The model is being removed");
        if (plan.IsStopped) return Stopped(plan, view, service);
        if (!current)
        {
            return active is null && pending is null
                ? State(plan, view, DeploymentPhase.Pending, "Initializing", "KubeRay has not looked at the RayService yet")
                : State(plan, view, DeploymentPhase.Deploying, "Updating", "KubeRay is taking over what was changed");
        }

        if (service.Condition("Suspended") is { IsTrue: true } || service.Condition("Suspending") is { IsTrue: true })
        {
            return State(plan, view, DeploymentPhase.Pending, "Suspended",
                "The RayService is suspended: a queue that it is in has not let it start, or KubeRay is about to");
        }

        return view.Ready is { IsTrue: true } && active is not null ? Serving(plan, view, active, service) : Coming(plan, view);
    }

    private static RuntimeState Stopped(KubeRayPlan plan, View view, JsonElement service) =>
        service.Condition("Suspended") is { IsTrue: true } && view.IsCurrent
            ? State(plan, view, DeploymentPhase.Pending, "ScaledToZero", "Stopped on request: spec.scaling.replicas is 0")
            : State(plan, view, DeploymentPhase.Pending, "Stopping", "Being stopped on request: spec.scaling.replicas is 0");

    private static RuntimeState Serving(KubeRayPlan plan, View view, ServeStatus active, JsonElement service)
    {
        var upgrade = service.Condition("RollbackInProgress") is { IsTrue: true } back
            ? ("RollingBack", $"KubeRay goes back to the cluster before: {back.Message}")
            : service.Condition("UpgradeInProgress") is { IsTrue: true } ? ("Upgrading", Upgrading(view))
            : ((string Reason, string Message)?)null;
        switch (active.Status)
        {
            case "RUNNING":
                var few = active.IsHealthy ? null : $"Serve is not done with all parts of the model{Because(active.Words)}";
                var told = upgrade is { } u ? new Degradation(u.Reason, u.Message)
                    : few is not null ? new Degradation(view.Trouble?.Reason ?? "NotAllReady", view.Trouble?.Message ?? few) : null;
                var reason = told is null ? "Serving" : "PartlyServing";
                return State(plan, view, DeploymentPhase.Running, reason, Answers(Counts(plan, view))) with { Degraded = told };
            case "UNHEALTHY":
                return Partly("PartlyServing", "Unhealthy", Unhealthy(active));
            case "DEPLOY_FAILED":
                return Failed(plan, view, active);
            // Serve replaces a part of the replicas at a time: of one alone there is none meanwhile.
            case "DEPLOYING" when plan.Fewest > 1:
                return Partly("Updating", "Updating", $"Serve replaces the replicas one after the other{Because(active.Words)}");
            default:
                return State(plan, view, DeploymentPhase.Deploying, view.Trouble?.Reason ?? "Updating",
                    view.Trouble?.Message ?? $"Serve brings the model up again{Because(active.Words)}");
        }

        RuntimeState Partly(string reason, string why, string words)
        {
            var message = view.Trouble?.Message ?? words;
            var degraded = new Degradation(view.Trouble?.Reason ?? why, message);
            return State(plan, view, DeploymentPhase.Running, reason, message) with { Degraded = degraded };
        }
    }

    private static RuntimeState Coming(KubeRayPlan plan, View view)
    {
        var (ready, trouble, serve) = (view.Ready, view.Trouble, view.Coming);
        if (ready is { Reason: "ValidationFailed" })
            return State(plan, view, DeploymentPhase.Failed, "ValidationFailed", $"KubeRay refuses the RayService: {ready.Message}");
        if (ready is { Reason: "InitializingTimeout" })
        {
            return State(plan, view, DeploymentPhase.Failed, "InitializingTimeout",
                $"KubeRay gave up: {trouble?.Message ?? ready.Message}. It does not try again by itself: "
                + $"delete the RayService {plan.Deployment.Metadata.Name}, and a new one is made");
        }

        if (serve is { Status: "DEPLOY_FAILED" }) return Failed(plan, view, serve);
        var phase = trouble is { Reason: "Unschedulable" } && view.IsNew ? DeploymentPhase.Pending : DeploymentPhase.Deploying;
        if (trouble is not null) return State(plan, view, phase, trouble.Reason, trouble.Message);
        if (serve is { Status: "UNHEALTHY" }) return State(plan, view, DeploymentPhase.Deploying, "Unhealthy", Unhealthy(serve));
        if (view.Active is not null)
            return State(plan, view, DeploymentPhase.Deploying, "NoEndpoints", $"No worker takes requests{Because(ready?.Message ?? "")}");
        return serve switch
        {
            null => State(plan, view, DeploymentPhase.Pending, "Initializing", "KubeRay has not made a Ray cluster yet"),
            { Status: null } => State(plan, view, DeploymentPhase.Deploying, "Starting", "The Ray cluster is being brought up"),
            _ => State(plan, view, DeploymentPhase.Deploying, "Starting",
                $"Serve brings the model up, which can take many minutes for a large one{Because(serve.Words)}"),
        };
    }

    private static RuntimeState Failed(KubeRayPlan plan, View view, ServeStatus serve) =>
        State(plan, view, DeploymentPhase.Failed, "DeployFailed",
            $"Serve cannot bring the model up{Because(serve.Words)}. See the log of the workers; a change of the deployment is tried anew");

    private static string Unhealthy(ServeStatus serve) =>
        $"Serve calls the model unhealthy{Because(serve.Words)}. It starts what is wrong again; see the workers' logs when it stays so";

    private static string Upgrading(View view) =>
        "Answers come from the Ray cluster before the change: "
        + (view.Trouble?.Message ?? (view.Pending is { Words.Length: > 0 } next ? next.Words : "the one after it is being brought up"));

    private static RuntimeState State(KubeRayPlan plan, View? view, DeploymentPhase phase, string reason, string message) => new(
        phase,
        reason,
        message,
        Counts(plan, view),
        view is { Ready.IsTrue: true, Active: not null } && !plan.IsStopped ? new EndpointStatus { Service = plan.Service, Port = 8000 } : null,
        Weights: null);

    // Serve's deployments say HEALTHY when they have all their replicas, and no number otherwise; of pods there are numbers, but a pod may
    // take requests for a replica elsewhere before its own has loaded. So it takes both words to call replicas ready.
    private static ReplicaStatus Counts(KubeRayPlan plan, View? view)
    {
        if (plan.IsStopped) return new ReplicaStatus { Desired = 0, Ready = view is { Ready.IsTrue: true } ? null : 0, Available = null };
        var desired = plan.Scales && view?.Active?.DesiredWorkers is { } wanted
            ? Math.Clamp(wanted / plan.Nodes, plan.Fewest, plan.Most)
            : plan.First;
        if (view is not { Ready.IsTrue: true, Active: { } active }) return new ReplicaStatus { Desired = desired, Ready = 0, Available = 0 };
        int? ready = (view.IsCurrent, active) is not (true, { Status: "RUNNING", IsHealthy: true }) ? null
            : plan.Nodes > 1 ? desired
            : Math.Min(desired, active.ReadyWorkers ?? desired);
        return new ReplicaStatus { Desired = desired, Ready = ready, Available = ready };
    }

    private static string Answers(ReplicaStatus counts) =>
        counts is { Desired: 1 } or { Ready: null } ? "The model answers" : $"{counts.Ready} of {counts.Desired} replicas answer";

    private static string Because(string words) => words.Length == 0 ? "" : $": {words.TrimEnd('.')}";

    private sealed record View(ObservedCondition? Ready, ServeStatus? Active, ServeStatus? Pending, bool IsCurrent, PodTrouble? Trouble)
    {
        /// <summary>The cluster that is still to answer.</summary>
        public ServeStatus? Coming => Pending ?? Active;

        /// <summary>Whether it has never answered.</summary>
        public bool IsNew => Active is null;
    }
}
