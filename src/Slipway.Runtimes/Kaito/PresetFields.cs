using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Kaito;

/// <summary>The fields that a preset has no place for: KAITO writes the whole pod, and only its flags can be told.</summary>
internal static class PresetFields
{
    // MaxAdaptersNumber of KAITO's webhook (api/v1beta1/workspace_validation.go, v0.12.0).
    private const int MostAdapters = 10;

    public static IEnumerable<UnsupportedField> Unsupported(KaitoPlan plan)
    {
        var spec = plan.Spec;
        return Blocking(spec).Select(f => new UnsupportedField(f.Path, f.Why, true)).Concat(Named(spec).Select(f => new UnsupportedField(f.Path, f.Why, false)))
            .Concat(plan.Deployment.Metadata.Annotations?.ContainsKey(ModelDeployment.RestartedAtAnnotation) == true
                ? [new UnsupportedField($"metadata.annotations[{ModelDeployment.RestartedAtAnnotation}]", "KAITO's presets bring their own annotations: delete the pods, which KAITO makes anew", Blocking: false)] : Array.Empty<UnsupportedField>());
    }

    private static IEnumerable<(string Path, string Why)> Blocking(ModelDeploymentSpec spec)
    {
        const string Others = "choose vllm, kuberay or llmd";
        if (spec.Engine?.Type is EngineType.SgLang or EngineType.TrtLlm) yield return ("spec.engine.type", "KAITO runs vllm and llamacpp");
        if (spec.Model.Source is ModelSource.Custom) yield return ("spec.model.source", $"KAITO's presets load from the Hugging Face Hub: {Others}");
        if (spec.Model.Quantization is not null) yield return ("spec.model.quantization", "chooses among GGUF files, which llamacpp serves");
        if (spec.Model.File is not null) yield return ("spec.model.file", "is for GGUF files, which llamacpp serves");
        if (spec.Engine?.Image is not null) yield return ("spec.engine.image", $"KAITO's presets bring their own vLLM: remove it, or {Others}");
        if (spec.Image is not null) yield return ("spec.image", $"KAITO's presets bring their own vLLM: remove it, or {Others}");
        if (spec.Resources?.Gpu?.Type is not (null or "nvidia.com/gpu")) yield return ("spec.resources.gpu.type", $"KAITO's presets need NVIDIA GPUs: {Others}");
        if (spec.Env is { Count: > 0 }) yield return ("spec.env", $"KAITO's presets take no variables: use spec.engine.args, or {Others}");
        if (spec.ServiceAccountName is not null) yield return ("spec.serviceAccountName", $"KAITO's presets run under the namespace's default one: {Others}");
        foreach (var volume in spec.Model.Storage?.Volumes?.Where(v => v.Purpose is null or VolumePurpose.Custom) ?? [])
            yield return ($"spec.model.storage.volumes[{volume.Name}]", $"KAITO's presets mount nothing: {Others}");
        foreach (var adapter in spec.Model.Adapters?.Where(a => a.Image is null) ?? [])
            yield return ($"spec.model.adapters[{adapter.Name}]", $"KAITO takes adapters as images only: name its image, or {Others}");
        if (spec.Model.Adapters is { Count: > MostAdapters }) yield return ("spec.model.adapters", $"KAITO takes {MostAdapters} at most");
        if (InferenceConfig.Unwritable(new ModelDeployment { Spec = spec }) is { Count: > 0 } words)
            yield return ("spec.engine.extraArgs", $"KAITO takes flags by name with one value each, which these are not: {string.Join(' ', words)}");
    }

    private static IEnumerable<(string Path, string Why)> Named(ModelDeploymentSpec spec)
    {
        const string Node = "a pod of KAITO has its node for itself";
        if (spec.Resources?.Memory is not null) yield return ("spec.resources.memory", Node);
        if (spec.Resources?.Cpu is not null) yield return ("spec.resources.cpu", Node);
        if (spec.Tolerations is { Count: > 0 }) yield return ("spec.tolerations", "KAITO's presets tolerate the taints that KAITO and GPU nodes bring, and no others: leave the nodes without further taints");
        if (spec.PodTemplate is not null) yield return ("spec.podTemplate", "KAITO's presets bring their own labels and annotations");
        if (spec.PriorityClassName is not null) yield return ("spec.priorityClassName", "KAITO's presets run with the cluster's default priority");
        if (spec.TopologySpreadConstraints is { Count: > 0 }) yield return ("spec.topologySpreadConstraints", "KAITO places one replica to a node by itself");
        foreach (var volume in spec.Model.Storage?.Volumes?.Where(v => v.Purpose is VolumePurpose.ModelCache or VolumePurpose.CompilationCache) ?? [])
            yield return ($"spec.model.storage.volumes[{volume.Name}]", "KAITO's presets keep weights on the node's own disk, and load them again for each new pod");
    }
}
