namespace Slipway.Models.Safetensors;

/// <summary>Which part of a model a tensor belongs to.</summary>
internal enum TensorPart
{
    Body,
    Embedding,
    Output,
    RoutedExpert,
    Encoder,
    Draft,
}

/// <summary>What a tensor is, from its name: the names are those that transformers' model classes give their modules.</summary>
internal static class TensorRole
{
    /// <summary>The part that a tensor belongs to.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="layers">Layers of the model; a layer beyond them is a draft layer.</param>
    public static TensorPart Part(string name, int layers)
    {
        if (Has(name, "mtp.") || Has(name, "mtp_") || Layer(name) is { } layer && layers > 0 && layer >= layers && !IsEncoder(name)) return TensorPart.Draft;
        if (IsEncoder(name)) return TensorPart.Encoder;
        if (Has(name, "embed_tokens.") || Has(name, "word_embeddings.") || Has(name, "wte.") || Has(name, "tok_embeddings.") || name.EndsWith("embeddings.weight", StringComparison.Ordinal)
            || name is "embed.weight" || Has(name, "embed_in.")) return TensorPart.Embedding;
        if (Has(name, "lm_head.") || name.StartsWith("output.", StringComparison.Ordinal) || name.StartsWith("head.", StringComparison.Ordinal) || Has(name, "embed_out.")) return TensorPart.Output;
        return IsRoutedExpert(name) ? TensorPart.RoutedExpert : TensorPart.Body;
    }

    /// <summary>Whether a tensor is a scale, zero point, index or other helper of packed weights, and so no weight by itself.</summary>
    public static bool IsHelper(string name) =>
        name.EndsWith("_scale_inv", StringComparison.Ordinal) || name.EndsWith("_scale", StringComparison.Ordinal) || name.EndsWith("_scale_2", StringComparison.Ordinal)
        || name.EndsWith("_scales", StringComparison.Ordinal) || name.EndsWith(".scales", StringComparison.Ordinal) || name.EndsWith(".scale", StringComparison.Ordinal)
        || name.EndsWith("qzeros", StringComparison.Ordinal) || name.EndsWith("g_idx", StringComparison.Ordinal) || name.EndsWith("weight_shape", StringComparison.Ordinal)
        || name.EndsWith("weight_zero_point", StringComparison.Ordinal) || name.EndsWith("_global_scale", StringComparison.Ordinal) || name.EndsWith("_amax", StringComparison.Ordinal)
        || Has(name, ".quant_state.") || name.EndsWith(".absmax", StringComparison.Ordinal) || name.EndsWith(".quant_map", StringComparison.Ordinal)
        || name.EndsWith(".nested_absmax", StringComparison.Ordinal) || name.EndsWith(".nested_quant_map", StringComparison.Ordinal) || name.EndsWith(".SCB", StringComparison.Ordinal)
        || name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static bool IsRoutedExpert(string name) => Has(name, ".experts.") && !Has(name, "shared_expert");

    private static bool IsEncoder(string name) =>
        Has(name, "vision_") || Has(name, "visual.") || Has(name, "vision.") || Has(name, "audio_") || Has(name, "audio.") || Has(name, "multi_modal_projector")
        || Has(name, "mm_projector") || Has(name, "embed_vision") || Has(name, "embed_audio") || Has(name, "vpm.") || Has(name, "apm.") || Has(name, "img_projector") || Has(name, "patch_merge");

    private static int? Layer(string name)
    {
        var at = name.IndexOf("layers.", StringComparison.Ordinal);
        if (at < 0) return null;
        var digits = name.AsSpan(at + 7);
        var end = digits.IndexOf('.');
        return end is > 0 and < 5 && int.TryParse(digits[..end], out var layer) ? layer : null;
    }

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.Ordinal);
}
