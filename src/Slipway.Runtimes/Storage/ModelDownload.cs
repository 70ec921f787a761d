using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Storage;

/// <summary>The Job that fetches a model onto its cache before engines start, once for all replicas and outside of their start-up time.</summary>
/// <remarks>
/// It runs in the engine's own image, which has huggingface_hub: an image less to pin, to mirror and to trust, and a node that has fetched
/// it has it for the engine. Retries resume, for the hub's cache is on the claim. No deadline and no time to live: a slow line is no failure,
/// and the finished Job says that the model is there.
/// </remarks>
public static partial class ModelDownload
{
    /// <summary>How the script ends: no access, no such model, no room. None of them goes away by trying again.</summary>
    internal const int Gated = 41, Unknown = 42, Full = 43;

    private static readonly string s_script = Script();

    /// <summary>The volume to download to.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <returns>The volume; <see langword="null"/> when engines are left to fetch what they need.</returns>
    public static StorageVolume? Target(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var (spec, model) = (deployment.Spec, deployment.Spec.Model);
        if (model.Source is ModelSource.Custom || string.IsNullOrEmpty(model.Id) || model.Id.StartsWith('/')) return null;
        // llama.cpp's servers keep weights in folders of their own.
        if (spec.Engine?.Type is not (EngineType.Vllm or EngineType.SgLang or EngineType.TrtLlm)) return null;
        if (spec.Env?.Any(e => e.Name is "HF_HUB_OFFLINE" or "TRANSFORMERS_OFFLINE" && e.Value is "1" or "ON" or "YES" or "TRUE" or "true") == true) return null;
        var volume = model.Storage?.Volumes?.FirstOrDefault(v => v is { Purpose: VolumePurpose.ModelCache, Image: null } && v.ReadOnly != true && v.AccessMode is not VolumeAccessMode.ReadOnlyMany);
        // Who points the cache elsewhere does not mean this volume.
        return volume is not null && spec.Env?.Any(e => e.Name is "HF_HOME" or "HF_HUB_CACHE" && !Within(e.Value, PodParts.MountPath(volume))) == true ? null : volume;
    }

    /// <summary>The image that has a volume mounted, wherever a runtime's objects speak of it.</summary>
    /// <param name="rendered">What the runtime rendered.</param>
    /// <param name="volume">The volume's name.</param>
    /// <returns>The image; <see langword="null"/> when nothing mounts the volume.</returns>
    public static string? Image(IEnumerable<JsonNode?> rendered, string volume)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        foreach (var node in rendered)
        {
            if (node is JsonObject value && value["image"] is JsonValue image && value["volumeMounts"] is JsonArray mounts && mounts.Any(m => (string?)m?["name"] == volume)) return (string?)image;
            var inner = node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] };
            if (Image(inner, volume) is { } found) return found;
        }

        return null;
    }

    /// <summary>The Job's name, another one for another model, revision, file or claim; at most 63 characters, for it becomes a label of its pods.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="volume">The volume.</param>
    /// <returns>The name.</returns>
    public static string Name(ModelDeployment deployment, StorageVolume volume)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var (name, model) = (deployment.Metadata.Name ?? "", deployment.Spec.Model);
        var hash = Rendered.Digest(string.Join('\n', name, model.Id, model.Revision, model.File, PodParts.ClaimName(deployment, volume)))[..8];
        return $"{(name.Length > 45 ? name[..45].TrimEnd('-', '.') : name)}-download-{hash}";
    }

    /// <summary>Renders the Job.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="volume">The volume to download to.</param>
    /// <param name="image">The engine's image.</param>
    /// <param name="oneNode">Whether one node at most can mount the volume: engines that run already say which.</param>
    /// <returns>The Job, without its owner.</returns>
    public static JsonObject Render(ModelDeployment deployment, StorageVolume volume, string image, bool oneNode)
    {
        var job = Rendered.Start(deployment, "batch/v1", StorageKinds.Job.Kind);
        job["metadata"]!["name"] = Name(deployment, volume);
        var template = DownloadPod.Render(deployment, volume, image, s_script, oneNode);
        // A Job's pods cannot be changed: with another token, image or place it is made anew.
        Rendered.Identify(job, template.ToJsonString());
        job["spec"] = new JsonObject
        {
            // 10 s, 20 s, 40 s, ... in between: about five minutes of a hub that is away.
            ["backoffLimit"] = 5,
            ["podFailurePolicy"] = new JsonObject
            {
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["action"] = "FailJob",
                        ["onExitCodes"] = new JsonObject { ["containerName"] = DownloadPod.Container, ["operator"] = "In", ["values"] = new JsonArray(Gated, Unknown, Full) },
                    },
                    // Drained, preempted, evicted: no fault of the download.
                    new JsonObject { ["action"] = "Ignore", ["onPodConditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True" }) }),
            },
            ["template"] = template,
        };
        return job;
    }

    /// <summary>The files to fetch, as patterns: all parts of a GGUF file that is named, and what describes it; everything that engines read when none is.</summary>
    internal static string? Files(ModelSpec model) => model.File is { } file ? $"{Part().Replace(file, "-*-of-")} *.json *.jinja" : null;

    private static bool Within(string? path, string folder) => path is not null && (path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static string Script()
    {
        using var stream = typeof(ModelDownload).Assembly.GetManifestResourceStream("download.py")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("-[0-9]{5}-of-", RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
