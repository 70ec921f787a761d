using System.Text.Json.Nodes;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.KubeRay;

/// <summary>Renders a deployment to a RayService.</summary>
internal static class RayServiceRenderer
{
    /// <summary>The group of all workers.</summary>
    public const string Group = "workers";

    private const string InPlaceOrAnew = "None";

    // Places for Ray's actors, not processors: the replica itself and its share of the ingress, two for each replica, take one each. Left to
    // itself Ray counts the container's processors, and an ingress without a place keeps the model from answering.
    private const int Slots = 8;

    public static JsonObject Render(KubeRayPlan plan, ClusterApis apis)
    {
        var kind = KubeRayPlan.RayService;
        var service = Rendered.Start(plan.Deployment, $"{kind.Group}/{apis.Version(kind) ?? kind.Version}", kind.Kind);
        var spec = new JsonObject();
        if (plan.IsStopped) spec["suspend"] = true;
        // Requests go to the workers alone, where the model is.
        spec["excludeHeadPodFromServeSvc"] = true;
        // Upstream's own way, a second cluster beside the first, waits for ever where there are no accelerators for both. Without it a change
        // of the cluster is never made, so that it is made anew (Identify). A change of the application alone is made in place either way.
        spec["upgradeStrategy"] = new JsonObject { ["type"] = InPlaceOrAnew };
        spec["serveConfigV2"] = ServeConfig.Write(plan);
        spec["rayClusterConfig"] = Cluster(plan);
        service["spec"] = spec;
        // The operator's own: it makes the head and all workers one gang, by whichever scheduler it is set up for.
        if (plan.IsGang) service["metadata"]!["labels"]![KubeRayPlan.GangLabel] = "true";
        KueueQueue.Join(plan.Deployment, service);
        Overrides.Apply(plan.Deployment, service);
        Identify(service);
        return service;
    }

    private static JsonObject Cluster(KubeRayPlan plan)
    {
        var cluster = new JsonObject();
        if (KubeRayImages.RayVersion(KubeRayImages.For(plan.Spec)) is { } version) cluster["rayVersion"] = version;
        if (plan.Scales) cluster["enableInTreeAutoscaling"] = true;
        cluster["headGroupSpec"] = new JsonObject
        {
            // No place for actors: what serves belongs beside the accelerators.
            ["rayStartParams"] = new JsonObject { ["dashboard-host"] = "0.0.0.0", ["num-cpus"] = "0", ["num-gpus"] = "0" },
            ["template"] = RayPods.Head(plan),
        };
        cluster["workerGroupSpecs"] = new JsonArray(new JsonObject
        {
            ["groupName"] = Group,
            ["replicas"] = plan.First * plan.Nodes,
            ["minReplicas"] = plan.Fewest * plan.Nodes,
            ["maxReplicas"] = plan.Most * plan.Nodes,
            // The operator knows the resources of a few vendors only, and no claims.
            ["rayStartParams"] = new JsonObject { ["num-cpus"] = RayPods.Text(Slots), ["num-gpus"] = RayPods.Text(plan.Gpus) },
            ["template"] = RayPods.Worker(plan),
        });
        return cluster;
    }

    // All of the cluster but how many workers there are, which is what the operator's own hash leaves out
    // (GenerateHashWithoutReplicasAndWorkersToDelete of KubeRay 1.7). Who chose a strategy of upstream's gets that.
    private static void Identify(JsonObject service)
    {
        if (Overrides.Text(service["spec"]!["upgradeStrategy"], "type") != InPlaceOrAnew)
        {
            Rendered.Identify(service, "upgraded by KubeRay");
            return;
        }

        var cluster = service["spec"]!["rayClusterConfig"]!.DeepClone();
        foreach (var group in cluster["workerGroupSpecs"]!.AsArray())
        {
            foreach (var count in (string[])["replicas", "minReplicas", "maxReplicas"]) group!.AsObject().Remove(count);
        }

        Rendered.Identify(service, cluster.ToJsonString());
    }
}
