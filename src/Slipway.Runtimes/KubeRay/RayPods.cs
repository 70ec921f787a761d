using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.KubeRay;

/// <summary>The pods of a Ray cluster. The operator completes each: Ray's command, probes, and /dev/shm as large as the pod's memory.</summary>
internal static class RayPods
{
    // Any group will do, so that Ray's user 1000 may write to volumes that belong to root.
    private const int VolumeGroup = 1000;

    /// <summary>The head: Ray's bookkeeping, the Serve controller and, when replicas follow the load, the autoscaler.</summary>
    public static JsonObject Head(KubeRayPlan plan)
    {
        // The head loads no weights: a volume that one node may hold would tie it to that node.
        var bare = plan.Deployment with { Spec = plan.Spec with { Model = plan.Spec.Model with { Storage = null } } };
        var container = Container(plan, "ray-head", PodParts.Env(bare));
        container["ports"] = new JsonArray(
            Port("gcs-server", 6379),
            Port("dashboard", 8265),
            Port("client", 10001),
            // The operator finds Serve's port by this name on the head, and nowhere else; without it there is no Service.
            Port("serve", 8000));
        container["resources"] = PodParts.Resources(null, "8Gi", "2");
        // The autoscaler runs beside Ray by the rights of an account that the operator makes.
        return Template(plan, container, token: plan.Scales || plan.Spec.ServiceAccountName is not null);
    }

    /// <summary>A worker: one replica of the model, or one node of it.</summary>
    public static JsonObject Worker(KubeRayPlan plan)
    {
        var container = Container(plan, "ray-worker", PodParts.Env(plan.Deployment));
        var gpu = plan.Demand.Claimed is null ? (plan.Demand.Gpu ?? new GpuSpec()) with { Count = plan.Gpus } : null;
        container["resources"] = PodParts.Resources(gpu, plan.Spec.Resources?.Memory, plan.Spec.Resources?.Cpu);
        if (PodParts.Mounts(plan.Deployment) is { Count: > 0 } mounts) container["volumeMounts"] = mounts;
        var template = Template(plan, container, token: plan.Spec.ServiceAccountName is not null);
        DeviceClaims.Attach(plan.Deployment, plan.Demand.Claimed, template["spec"]!.AsObject(), container);
        if (PodParts.PodVolumes(plan.Deployment) is not { Count: > 0 } volumes) return template;
        template["spec"]!["volumes"] = volumes;
        template["spec"]!["securityContext"]!["fsGroup"] = VolumeGroup;
        template["spec"]!["securityContext"]!["fsGroupChangePolicy"] = "OnRootMismatch";
        return template;
    }

    private static JsonObject Container(KubeRayPlan plan, string name, JsonArray env)
    {
        // The weights are in the image: without them it should say so, and not fetch others of that name.
        if (plan.Spec.Model.Source is ModelSource.Custom && plan.Spec.Env?.Any(e => e.Name == "HF_HUB_OFFLINE") != true)
            env.Add(new JsonObject { ["name"] = "HF_HUB_OFFLINE", ["value"] = "1" });
        var container = new JsonObject { ["name"] = name, ["image"] = KubeRayImages.For(plan.Spec) };
        if (env.Count > 0) container["env"] = env;
        container["securityContext"] = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        };
        return container;
    }

    private static JsonObject Template(KubeRayPlan plan, JsonObject container, bool token)
    {
        var spec = new JsonObject
        {
            ["automountServiceAccountToken"] = token,
            // A Service called vllm would set VLLM_PORT to a URL, with which vLLM does not start.
            ["enableServiceLinks"] = false,
            ["securityContext"] = new JsonObject { ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
            ["containers"] = new JsonArray(container),
        };
        PodParts.Place(plan.Deployment, spec);
        return new JsonObject { ["metadata"] = PodParts.TemplateMetadata(plan.Deployment), ["spec"] = spec };
    }

    private static JsonObject Port(string name, int number) => new() { ["name"] = name, ["containerPort"] = number };

    /// <summary>A number where Ray wants a text.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
