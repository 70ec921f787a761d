using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Queues;

namespace Slipway.Runtimes.ModelServers;

/// <summary>The fields that model servers without an operator do not honour, whoever renders them.</summary>
internal static class ServerFields
{
    /// <summary>Names them.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="roles">Its roles, the main one first.</param>
    /// <param name="overrides">Where its overrides may reach.</param>
    /// <param name="reserved">Flags that the runtime sets, beside those that place an engine in its group.</param>
    public static IEnumerable<UnsupportedField> Unsupported(
        ModelDeployment deployment, IReadOnlyList<ServerRole> roles, IReadOnlyList<string> overrides, params IReadOnlyList<string> reserved) =>
    [
        .. EngineFlags.Reserved(deployment, [.. ServerCommand.Reserved, .. reserved]),
        .. Overrides.Refused(deployment, overrides),
        .. Model(deployment.Spec),
        .. Images(deployment.Spec, roles),
        .. Scaling(deployment.Spec),
        .. roles.SelectMany(r => DeviceFields.Unsupported(r.Demand)),
        .. Scheduling(deployment, roles),
        .. KueueQueue.Unsupported(deployment, roles.Select(r => r.Demand)),
    ];

    private static IEnumerable<UnsupportedField> Model(ModelDeploymentSpec spec)
    {
        var model = spec.Model;
        if (model.Source is ModelSource.Custom && string.IsNullOrEmpty(model.Id))
            yield return Refuse("spec.model.id", "is needed to know where in the image the model is: give its folder, such as /models/name");
        if (model.Quantization is not null)
            yield return Refuse("spec.model.quantization", "chooses among GGUF files, which llamacpp serves: name a repository whose weights are quantised as a whole, or use that engine");
        if (model.File is not null)
            yield return Refuse("spec.model.file", "names a GGUF file, which llamacpp serves: name a repository with safetensors files, or use that engine");
        foreach (var adapter in model.Adapters?.Where(a => a.Id is null) ?? [])
            yield return Refuse($"spec.model.adapters[{adapter.Name}]{(adapter.Image is null ? "" : ".image")}", "is no way to give this engine an adapter: give its repository as id; kaito takes images");
    }

    private static IEnumerable<UnsupportedField> Images(ModelDeploymentSpec spec, IReadOnlyList<ServerRole> roles)
    {
        if (spec.Image is not null && spec.Engine?.Image is { } image && image != spec.Image)
            yield return Ignore("spec.image", $"gives way to spec.engine.image, {image}");
        if ((spec.Engine?.Image ?? spec.Image) is not null) yield break;
        foreach (var role in roles)
        {
            // The CPU image of vLLM exists but wants processors with AVX512-BF16 or AMX, of which a manifest cannot make sure.
            if (role.Accelerators == 0)
                yield return Refuse($"{role.Demand.Path}.count", "must be at least 1: the default image needs a GPU. For processors name an image of the engine in spec.engine.image, or use llamacpp");
            if (role.Demand.OtherVendor is { } type)
                yield return Refuse(role.Demand.KindPath, $"is {type}, but the default image is for NVIDIA: name an image of the engine for it in spec.engine.image");
        }
    }

    private static IEnumerable<UnsupportedField> Scheduling(ModelDeployment deployment, IReadOnlyList<ServerRole> roles)
    {
        foreach (var role in roles.Where(r => r is { SpansNodes: false, Demand.SharedTemplate: not null }))
            yield return Refuse($"{role.Demand.Path}.replicaClaimTemplateName", "is for replicas over several nodes, and each is one pod here: for pods that share one claim name it in resourceClaimName");
        if (roles.All(r => !r.SpansNodes))
        {
            foreach (var field in SchedulingFields.OfOnePod(deployment.Spec)) yield return field;
            yield break;
        }

        if (deployment.Spec.Scheduling?.TopologyKey is null) yield break;
        if (KueueQueue.Of(deployment) is not null)
            yield return Refuse("spec.scheduling.topologyKey", "is for Kueue to say where it admits the pods: set the annotation kueue.x-k8s.io/podset-required-topology in spec.podTemplate instead");
        if (deployment.Spec.Provider?.Overrides is { } overrides && overrides.At("metadata", "annotations", GangDecision.ExclusiveTopology) is not null)
            yield return Refuse("spec.scheduling.topologyKey", "and the override exclusive-topology say two things of one place: leave one of them out");
    }

    private static IEnumerable<UnsupportedField> Scaling(ModelDeploymentSpec spec)
    {
        if (spec.Scaling?.Autoscaling is not { } auto) yield break;
        if (auto.MinReplicas is 0)
        {
            yield return Refuse(
                "spec.scaling.autoscaling.minReplicas",
                "cannot be 0: the replicas count their requests themselves, so without one nobody would see that there are some. Use 1, or stop the model with replicas: 0");
        }

        if (spec.Scaling.Replicas is > 1) yield return Ignore("spec.scaling.replicas", "is left to the autoscaler, which starts from its fewest");
    }

    /// <summary>A field without which the deployment would be another one.</summary>
    public static UnsupportedField Refuse(string path, string why) => new(path, why, Blocking: true);

    /// <summary>A field that is left out.</summary>
    public static UnsupportedField Ignore(string path, string why) => new(path, why, Blocking: false);
}
