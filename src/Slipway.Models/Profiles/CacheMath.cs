namespace Slipway.Models.Profiles;

/// <summary>Bytes of cache and state that a model keeps, whole (not yet split over devices).</summary>
/// <remarks>
/// A layer of grouped-query attention keeps kv_heads x (key + value dimensions) elements a token; a latent layer kv_lora_rank +
/// qk_rope_head_dim; a window or chunk the same as full attention, but only for so many tokens; a recurrent layer a fixed state.
/// </remarks>
public static class CacheMath
{
    /// <summary>Bytes that every further token of a sequence adds.</summary>
    public static double BytesPerToken(AttentionProfile attention, KvCacheType type)
    {
        ArgumentNullException.ThrowIfNull(attention);
        var bytes = 0.0;
        foreach (var layer in attention.Layers) bytes += BytesPerToken(layer, type);
        return bytes;
    }

    /// <summary>Bytes that every further token of a sequence adds in one layer.</summary>
    public static double BytesPerToken(LayerMemory layer, KvCacheType type)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(type);
        return (layer.ElementsPerToken * type.BytesPerElement) + IndexBytesPerToken(layer);
    }

    /// <summary>Bytes that a sparse-attention indexer keeps a token in one layer; part of <see cref="BytesPerToken(LayerMemory, KvCacheType)"/>.</summary>
    /// <remarks>Its keys are 8-bit with a 32-bit scale for 128 of them, whatever the cache's type (vLLM's indexer cache for DeepSeek-V3.2).</remarks>
    public static double IndexBytesPerToken(LayerMemory layer) => layer is LayerMemory.Latent { IndexDim: > 0 and var dim } ? dim + (dim / 128.0 * 4) : 0;

    /// <summary>Bytes of all windows and chunks of one sequence.</summary>
    /// <param name="attention">The layers.</param>
    /// <param name="type">How keys and values are stored.</param>
    /// <param name="tokens">Length of the sequence; a window never holds more.</param>
    /// <param name="slack">Tokens beyond the window that the engine holds, too: vLLM keeps window - 1 plus one step's batch.</param>
    public static double WindowBytesPerSequence(AttentionProfile attention, KvCacheType type, long tokens, long slack = 0)
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(type);
        var bytes = 0.0;
        foreach (var layer in attention.Layers)
            bytes += layer.WindowElementsPerToken * type.BytesPerElement * WindowTokens(layer, tokens, slack);
        return bytes;
    }

    /// <summary>Tokens that a layer with a window or chunk holds of a sequence; 0 for other layers.</summary>
    public static long WindowTokens(LayerMemory layer, long tokens, long slack = 0) => layer switch
    {
        LayerMemory.Sliding { Window: var window } => Math.Min(tokens, window + slack),
        LayerMemory.Chunked { Chunk: var chunk } => Math.Min(tokens, chunk + slack),
        _ => 0,
    };

    /// <summary>Bytes of recurrent state of one sequence, whatever its length.</summary>
    public static long StateBytesPerSequence(AttentionProfile attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        var bytes = 0L;
        foreach (var layer in attention.Layers) bytes += layer.StateBytes;
        return bytes;
    }

    /// <summary>Bytes of everything that one sequence of so many tokens keeps.</summary>
    public static double BytesPerSequence(AttentionProfile attention, KvCacheType type, long tokens, long slack = 0) =>
        (BytesPerToken(attention, type) * tokens) + WindowBytesPerSequence(attention, type, tokens, slack) + StateBytesPerSequence(attention);
}
