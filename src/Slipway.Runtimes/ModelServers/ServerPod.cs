using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.ModelServers;

/// <summary>The pod of a model server.</summary>
internal static class ServerPod
{
    /// <summary>Renders the template of a pod that answers requests, or of another one of its group.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="role">The role.</param>
    /// <param name="leader">Whether it answers requests.</param>
    public static JsonObject Template(ModelDeployment deployment, ServerRole role, bool leader = true)
    {
        var memory = MemoryVolume(deployment);
        var spec = new JsonObject
        {
            ["automountServiceAccountToken"] = deployment.Spec.ServiceAccountName is not null,
            // A Service called vllm would set VLLM_PORT to a URL, with which vLLM does not start.
            ["enableServiceLinks"] = false,
            ["securityContext"] = SecurityContexts.Pod(),
        };
        if (leader && role.Sidecar is { } sidecar) spec["initContainers"] = new JsonArray(sidecar.DeepClone());
        var container = Container(deployment, role, leader, memory);
        spec["containers"] = new JsonArray(container);
        spec["volumes"] = PodParts.PodVolumes(deployment);
        // No size: what the processes of one replica share counts towards the container's memory limit, which bounds it.
        spec["volumes"]!.AsArray().Add(new JsonObject { ["name"] = memory, ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } });
        PodParts.Place(deployment, spec);
        DeviceClaims.Attach(deployment, role.Demand.Claimed, spec, container);
        DeviceClaims.Share(role.SharedClaim, spec, container);
        return new JsonObject
        {
            ["metadata"] = PodParts.TemplateMetadata(deployment, [(ServerNames.ComponentLabel, role.Component), .. role.Labels, .. leader ? role.ServingLabels : []]),
            ["spec"] = spec,
        };
    }

    private static JsonObject Container(ModelDeployment deployment, ServerRole role, bool leader, string memory)
    {
        var container = new JsonObject
        {
            ["name"] = "engine",
            ["image"] = role.Image,
            ["command"] = ServerCommand.Command(deployment),
            ["args"] = ServerCommand.Arguments(deployment, role, leader),
        };
        var ports = leader ? role.Ports.Prepend((ServerNames.PortName, role.Port)) : role.Ports;
        if (ports.Any()) container["ports"] = new JsonArray([.. ports.Select(p => new JsonObject { ["name"] = p.Item1, ["containerPort"] = p.Item2 })]);
        if (Env(deployment, role) is { Count: > 0 } env) container["env"] = env;
        if (PodParts.Resources(role.Demand.Limit, role.Memory, role.Cpu) is { } resources) container["resources"] = resources;
        if (leader) ServerProbes.Add(container, deployment, role);
        // Those who route requests here learn that the pod ends at the same time as the engine does: it goes on for as long as that takes.
        container["lifecycle"] = new JsonObject { ["preStop"] = new JsonObject { ["sleep"] = new JsonObject { ["seconds"] = 5 } } };
        container["securityContext"] = SecurityContexts.Container();
        container["volumeMounts"] = PodParts.Mounts(deployment);
        container["volumeMounts"]!.AsArray().Add(new JsonObject { ["name"] = memory, ["mountPath"] = "/dev/shm" });
        return container;
    }

    private static JsonArray Env(ModelDeployment deployment, ServerRole role)
    {
        var env = PodParts.Env(deployment);
        var given = env.Select(e => (string?)e!["name"]).ToHashSet(StringComparer.Ordinal);
        void Add(JsonObject variable)
        {
            if (given.Add((string?)variable["name"])) env.Add(variable);
        }

        // The image has the model: a hub that is asked for it all the same would only be a way to fail.
        if (deployment.Spec.Model is { Source: ModelSource.Custom, Adapters: null or { Count: 0 } }) Add(new JsonObject { ["name"] = "HF_HUB_OFFLINE", ["value"] = "1" });
        if (role.SpansNodes) Add(PodIp("VLLM_HOST_IP"));
        foreach (var variable in role.Env) Add(variable.DeepClone().AsObject());
        return env;
    }

    /// <summary>An environment variable with the pod's address.</summary>
    public static JsonObject PodIp(string name) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "status.podIP" } },
    };

    // The user's volumes are named freely.
    private static string MemoryVolume(ModelDeployment deployment)
    {
        var name = "shm";
        while (deployment.Spec.Model.Storage?.Volumes?.Any(v => v.Name == name) == true) name += "-0";
        return name;
    }
}
