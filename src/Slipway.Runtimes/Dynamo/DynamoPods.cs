using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The pods of a graph. The operator completes each: ports, probes, 8 GiB of /dev/shm, and the account by which the pods find each other.</summary>
internal static class DynamoPods
{
    /// <summary>The container that the operator completes.</summary>
    public const string Main = "main";

    /// <summary>The container in front; the operator gives it its command.</summary>
    public static JsonObject FrontendContainer(DynamoPlan plan)
    {
        // The frontend reads tokenizer and template only: a cache that one node may hold would tie it to that node.
        var spec = plan.Spec with { Model = plan.Spec.Model with { Storage = null } };
        var env = PodParts.Env(plan.Deployment with { Spec = spec });
        if (plan.RouterMode is { } mode) Add(plan, env, "DYN_ROUTER_MODE", mode);
        return Container(plan, env);
    }

    /// <summary>The container of a worker, without its accelerators and memory.</summary>
    public static JsonObject WorkerContainer(DynamoPlan plan, DynamoWorkers workers)
    {
        var env = PodParts.Env(plan.Deployment);
        if (plan.Adapters.Count > 0)
        {
            Add(plan, env, "DYN_LORA_ENABLED", "true");
            Add(plan, env, "DYN_LORA_PATH", "/tmp/dynamo_loras");
        }

        // The weights are in the image: without them it should say so, and not fetch others of that name. Adapters are fetched all the same.
        if (plan.Spec.Model.Source is ModelSource.Custom && plan.Adapters.Count == 0) Add(plan, env, "HF_HUB_OFFLINE", "1");

        var container = Container(plan, env);
        container["command"] = Words(DynamoArguments.Command(plan.Engine));
        container["args"] = Words(DynamoArguments.Of(plan, workers));
        if (PodParts.Mounts(plan.Deployment) is { Count: > 0 } mounts) container["volumeMounts"] = mounts;
        return container;
    }

    /// <summary>Labels and annotations of a worker's pod. Kueue does not know graphs, and takes the pods of their workers one by one.</summary>
    public static JsonObject WorkerMetadata(DynamoPlan plan) => PodParts.TemplateMetadata(plan.Deployment, KueueQueue.PodLabels(plan.Deployment));

    /// <summary>The rest of a pod's spec: where it may run, and for workers what they mount.</summary>
    public static JsonObject PodSpec(DynamoPlan plan, bool mounts)
    {
        var pod = new JsonObject();
        PodParts.Place(plan.Deployment, pod);
        if (mounts && PodParts.PodVolumes(plan.Deployment) is { Count: > 0 } volumes) pod["volumes"] = volumes;
        return pod;
    }

    private static JsonObject Container(DynamoPlan plan, JsonArray env)
    {
        var container = new JsonObject
        {
            ["name"] = Main,
            ["image"] = DynamoImages.For(plan.Spec),
            // Of the container and not of the pod: a pod's own securityContext makes the operator leave out its default, which lets user 1000 write volumes.
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
        };
        if (env.Count > 0) container["env"] = env;
        return container;
    }

    // What the user says of a variable wins, and a list of them holds each name once.
    private static void Add(DynamoPlan plan, JsonArray env, string name, string value)
    {
        if (plan.Spec.Env?.Any(e => e.Name == name) != true) env.Add(new JsonObject { ["name"] = name, ["value"] = value });
    }

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(w => JsonValue.Create(w))];
}
