using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Pods;

/// <summary>The parts of a pod that a deployment speaks of; the same for every runtime that writes pod templates.</summary>
public static class PodParts
{
    /// <summary>Environment variables: the user's own, then the hub token and the cache folder unless the user sets them.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>A new list; empty when there is none.</returns>
    public static JsonArray Env(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        var env = new JsonArray();
        foreach (var variable in spec.Env ?? []) env.Add(JsonSerializer.SerializeToNode(variable, SlipwayJson.Default.EnvVar));
        bool Given(string name) => spec.Env?.Any(e => e.Name == name) == true;
        if (spec.Secrets?.HuggingFaceToken is { Length: > 0 } secret && !Given("HF_TOKEN"))
        {
            env.Add(new JsonObject
            {
                ["name"] = "HF_TOKEN",
                ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = secret, ["key"] = "HF_TOKEN" } },
            });
        }

        foreach (var volume in Volumes(deployment).Where(v => v.Image is null))
        {
            // vLLM's and SGLang's compiled kernels and graphs (VLLM_CACHE_ROOT), and everything that huggingface_hub downloads (HF_HOME).
            var name = volume.Purpose switch { VolumePurpose.ModelCache => "HF_HOME", VolumePurpose.CompilationCache => "VLLM_CACHE_ROOT", _ => null };
            if (name is not null && !Given(name)) env.Add(new JsonObject { ["name"] = name, ["value"] = MountPath(volume) });
        }

        return env;
    }

    /// <summary>The volumes that the manifest names, as `volumes` of a pod.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>A new list; empty when there is none.</returns>
    public static JsonArray PodVolumes(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return
        [
            .. Volumes(deployment).Select(v => v.Image is { } image
                ? new JsonObject { ["name"] = v.Name, ["image"] = new JsonObject { ["reference"] = image } }
                : new JsonObject { ["name"] = v.Name, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = ClaimName(deployment, v) } }),
        ];
    }

    /// <summary>The same volumes, as `volumeMounts` of a container.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>A new list; empty when there is none.</returns>
    public static JsonArray Mounts(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var mounts = new JsonArray();
        foreach (var volume in Volumes(deployment))
        {
            var mount = new JsonObject { ["name"] = volume.Name, ["mountPath"] = MountPath(volume) };
            if (volume.ReadOnly == true || volume.Image is not null) mount["readOnly"] = true;
            mounts.Add(mount);
        }

        return mounts;
    }

    /// <summary>The claim of a volume: the one named, or the one that Slipway makes for it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="volume">A volume of it that is no image.</param>
    /// <returns>The claim's name.</returns>
    public static string ClaimName(ModelDeployment deployment, StorageVolume volume)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(volume);
        return volume.ClaimName is { Length: > 0 } name ? name : $"{deployment.Metadata.Name}-{volume.Name}";
    }

    /// <summary>Resources of a container: accelerators as limits, memory and processors as requests with memory as a limit too.</summary>
    /// <param name="gpu">Accelerators; none when absent or 0.</param>
    /// <param name="memory">Memory.</param>
    /// <param name="cpu">Processors.</param>
    /// <returns>A new object; <see langword="null"/> when nothing is asked for.</returns>
    public static JsonObject? Resources(GpuSpec? gpu, string? memory, string? cpu = null)
    {
        var (limits, requests) = (new JsonObject(), new JsonObject());
        if (gpu?.Count is > 0 and { } count) limits[gpu.Type ?? "nvidia.com/gpu"] = count.ToString(CultureInfo.InvariantCulture);
        if (memory is not null) (limits["memory"], requests["memory"]) = (memory, memory);
        if (cpu is not null) requests["cpu"] = cpu;
        var resources = new JsonObject();
        if (limits.Count > 0) resources["limits"] = limits;
        if (requests.Count > 0) resources["requests"] = requests;
        return resources.Count > 0 ? resources : null;
    }

    /// <summary>Adds to a pod's spec where it may run: node selector, tolerations, affinity, spread, priority, service account.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="podSpec">The pod's spec; changed in place.</param>
    public static void Place(ModelDeployment deployment, JsonObject podSpec)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(podSpec);
        var spec = deployment.Spec;
        if (spec.NodeSelector is { Count: > 0 } selector)
            podSpec["nodeSelector"] = new JsonObject(selector.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        if (spec.Tolerations is { Count: > 0 } tolerations)
            podSpec["tolerations"] = new JsonArray([.. tolerations.Select(t => JsonSerializer.SerializeToNode(t, SlipwayJson.Default.Toleration))]);
        if (spec.Affinity is { } affinity) podSpec["affinity"] = Node(affinity);
        if (spec.TopologySpreadConstraints is { Count: > 0 } spread) podSpec["topologySpreadConstraints"] = new JsonArray([.. spread.Select(Node)]);
        if (spec.PriorityClassName is { } priority) podSpec["priorityClassName"] = priority;
        if (spec.ServiceAccountName is { } account) podSpec["serviceAccountName"] = account;
    }

    /// <summary>Metadata of a pod template: Slipway's labels with the user's `podTemplate` labels and annotations beside them, and the time of the last restart, which makes another template of it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="further">More labels, which the user's cannot replace.</param>
    /// <returns>A new object.</returns>
    public static JsonObject TemplateMetadata(ModelDeployment deployment, params IEnumerable<(string Key, string Value)> further)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var given = deployment.Spec.PodTemplate?.Metadata;
        var labels = new JsonObject();
        foreach (var (key, value) in given?.Labels?.OrderBy(l => l.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, string>>()) labels[key] = value;
        foreach (var (key, value) in Rendered.Labels(deployment)) labels[key] = value?.DeepClone();
        foreach (var (key, value) in further) labels[key] = value;
        var metadata = new JsonObject { ["labels"] = labels };
        var annotations = new SortedDictionary<string, JsonNode?>((given?.Annotations ?? new Dictionary<string, string>()).ToDictionary(static a => a.Key, static a => (JsonNode?)a.Value), StringComparer.Ordinal);
        if (deployment.Metadata.Annotations?.TryGetValue(ModelDeployment.RestartedAtAnnotation, out var restarted) == true) annotations[ModelDeployment.RestartedAtAnnotation] = restarted;
        if (annotations.Count > 0) metadata["annotations"] = new JsonObject(annotations);
        return metadata;
    }

    /// <summary>Where a volume is mounted.</summary>
    /// <param name="volume">The volume.</param>
    /// <returns>Its path; by purpose when the manifest does not say.</returns>
    public static string MountPath(StorageVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return volume.MountPath ?? (volume.Purpose is VolumePurpose.CompilationCache ? "/compilation-cache" : "/model-cache");
    }

    private static IReadOnlyList<StorageVolume> Volumes(ModelDeployment deployment) => deployment.Spec.Model.Storage?.Volumes ?? [];

    private static JsonNode? Node(JsonElement value) => JsonSerializer.SerializeToNode(value, ObjectJson.Default.JsonElement);
}
