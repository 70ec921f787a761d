using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Kaito;

/// <summary>The fields that AIKit's llama.cpp runner has no place for; all that belongs to a pod is honoured.</summary>
internal static class LlamaFields
{
    public static IEnumerable<UnsupportedField> Unsupported(KaitoPlan plan)
    {
        var (spec, model) = (plan.Spec, plan.Spec.Model);
        UnsupportedField Refused(string path, string why) => new(path, why, true);
        UnsupportedField Named(string path, string why) => new(path, why, false);

        if (model.Adapters is { Count: > 0 }) yield return Refused("spec.model.adapters", "the llama.cpp runner serves none: vllm does");
        if (spec.Engine?.TrustRemoteCode == true) yield return Refused("spec.engine.trustRemoteCode", "llama.cpp runs no code of a model; vllm does");
        if (model is { Quantization: not null }) yield return Refused("spec.model.quantization", "the llama.cpp runner takes a file or the whole repository: name the file in spec.model.file");
        if (model is { Revision: not null, File: null } or { Revision: not null, Source: ModelSource.Custom })
            yield return Refused("spec.model.revision", "the llama.cpp runner fetches a repository's main branch: name the file in spec.model.file");
        if (model is { Source: ModelSource.Custom, File: not null }) yield return Refused("spec.model.file", "the image has the model in it: remove it");
        if (model is { Source: ModelSource.Custom, Id: not null }) yield return Named("spec.model.id", "the image has the model in it");
        if (model.ServedName is not null) yield return Named("spec.model.servedName", "the llama.cpp runner serves a model under its file's name without .gguf");
        if (model.File is not null && spec.Secrets?.HuggingFaceToken is not null)
            yield return Named("spec.secrets.huggingFaceToken", "the llama.cpp runner fetches a single file without a token: leave spec.model.file out for a gated or private repository");
        foreach (var volume in model.Storage?.Volumes?.Where(v => v.Purpose is VolumePurpose.ModelCache && v.MountPath is not LlamaInference.Cache) ?? [])
            yield return Named($"spec.model.storage.volumes[{volume.Name}]", $"the llama.cpp runner keeps weights in {LlamaInference.Cache} only: set mountPath to it");
        if (spec.Parallelism is not null) yield return Named("spec.parallelism", "llama.cpp divides its work by itself");
        if (spec.Engine?.EnforceEager == true) yield return Named("spec.engine.enforceEager", "llama.cpp has no such mode to leave out");
        if (spec.Engine?.EnablePrefixCaching == false) yield return Named("spec.engine.enablePrefixCaching", "llama.cpp keeps the prompt's beginning");
        if (spec.Resources?.Gpu is { Count: null or 0, Type: not (null or "nvidia.com/gpu") }) yield return Named("spec.resources.gpu.type", "no GPU is asked for");
        if (spec.Resources?.Gpu is { Count: > 0, Type: not (null or "nvidia.com/gpu") } && plan.Image is null)
            yield return Refused("spec.resources.gpu.type", "the llama.cpp runner is published for NVIDIA GPUs and processors: name an image of yours in spec.engine.image");
    }
}
