namespace Slipway.Models.Profiles.Config;

/// <summary>Reads how long a sequence the model takes.</summary>
internal static class ContextReader
{
    /// <summary>The context part.</summary>
    public static ContextProfile Read(ConfigNode config)
    {
        var length = config.Whole("max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "model_max_length", "max_sequence_length", "n_ctx", "max_target_positions");
        if (length == 0) length = null;
        var scaling = config.Child("rope_scaling") ?? config.Child("rope_parameters");
        if (scaling?.Child("full_attention") is { } global) scaling = global;
        var kind = scaling?.Text("rope_type", "type") ?? "";
        if (scaling is not { } rope || kind is "" or "default" or "mrope" or "proportional") return new ContextProfile { Length = length };
        var factor = rope.Number("factor");
        var original = rope.Whole("original_max_position_embeddings") ?? config.Whole("original_max_position_embeddings");
        return new ContextProfile { Length = Stretched(length, kind, factor, original), OriginalLength = original, RopeScaling = kind, RopeFactor = factor };
    }

    /// <summary>
    /// max_position_embeddings is mostly the length after scaling. Where it equals the length before, the factor has still to be applied, as vLLM does
    /// (its get_and_verify_max_len): Qwen2.5's README asks users to add yarn to a configuration whose length stays.
    /// </summary>
    private static long? Stretched(long? length, string kind, double? factor, long? original)
    {
        if (length is null || factor is not (> 1 and < 1000) || kind is "llama3" or "longrope" or "su") return length;
        return original is null ? (kind is "linear" or "dynamic" ? (long)(length.Value * factor.Value) : length)
            : original == length ? (long)(length.Value * factor.Value)
            : length;
    }
}
