using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>What engines refuse of a layout before they look at memory.</summary>
public static class LayoutRules
{
    private const int Fp8Block = 128;

    /// <summary>Why an engine refuses a layout; <c>null</c> when it does not.</summary>
    public static string? Refusal(ModelProfile profile, Layout layout, ServingEngine engine)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(layout);
        if (layout.Tensor < 1 || layout.Pipeline < 1) return "Tensor and pipeline parallelism are at least 1.";
        if (layout.Pipeline > profile.Shape.Layers) return $"A pipeline of {layout.Pipeline} stages needs as many layers; the model has {profile.Shape.Layers}.";
        // llama.cpp cuts a model by layers or rows of any number.
        if (layout.Tensor == 1 || engine == ServingEngine.LlamaCpp) return null;
        return Heads(profile.Attention, layout.Tensor) ?? Experts(profile, layout) ?? Blocks(profile, layout);
    }

    /// <summary>Numbers of devices up to a limit among which the model's heads can be shared, ascending.</summary>
    public static IEnumerable<int> TensorSizes(ModelProfile profile, int limit, ServingEngine engine = ServingEngine.Vllm) =>
        Enumerable.Range(1, Math.Max(0, limit)).Where(n => Refusal(profile, new Layout(n), engine) is null);

    private static string? Heads(AttentionProfile attention, int tensor)
    {
        if (attention.Layers.All(static l => l is LayerMemory.None)) return null;
        if (attention.Heads % tensor != 0)
            return $"Tensor parallelism of {tensor} does not divide the model's {attention.Heads} attention heads; use {Near(attention.Heads, tensor)}.";
        var latent = attention.Layers.Any(static l => l is LayerMemory.Latent);
        return latent || attention.KvHeads % tensor == 0 || tensor % attention.KvHeads == 0 ? null
            : $"Tensor parallelism of {tensor} and the model's {attention.KvHeads} key-value heads do not divide one another; use {Near(attention.KvHeads, tensor)}.";
    }

    private static string? Experts(ModelProfile profile, Layout layout) => layout.Experts && profile.Experts is null
        ? "The model has no experts to deal out."
        : layout.Experts && profile.Experts!.Total < layout.Tensor ? $"{profile.Experts.Total} experts cannot be dealt out over {layout.Tensor} devices." : null;

    /// <summary>FP8 weights with a scale for 128 x 128 cannot be cut inside a block: vLLM refuses Qwen3-235B-A22B-FP8 (experts 1,536 wide) over 8 devices.</summary>
    private static string? Blocks(ModelProfile profile, Layout layout)
    {
        if (profile.Weights.Quantization.Method != "fp8" || layout.Experts || profile.Shape.HiddenSize is not { } hidden) return null;
        if (profile.Experts?.ParametersPerExpert is not { } each) return null;
        var width = each / (3L * hidden);
        return width % layout.Tensor == 0 && width / layout.Tensor % Fp8Block == 0 ? null
            : $"Experts {width} wide in FP8 blocks of {Fp8Block} cannot be cut over {layout.Tensor} devices; deal experts out whole (expert parallelism), or use fewer.";
    }

    private static string Near(int heads, int tensor)
    {
        var below = Enumerable.Range(1, tensor).Last(n => heads % n == 0);
        var above = Enumerable.Range(tensor, Math.Max(1, heads - tensor + 1)).FirstOrDefault(n => heads % n == 0);
        return above > 0 && above != below ? $"{below} or {above}" : $"{below}";
    }
}
