namespace Slipway.Models.Profiles.Config;

/// <summary>Reads heads and what each layer keeps.</summary>
internal static class AttentionReader
{
    /// <summary>The attention part; null when the configuration has neither heads nor a recurrence.</summary>
    public static AttentionProfile? Read(ConfigNode config, string type, int layers, int hidden, List<ProfileNote> notes)
    {
        var kinds = LayerKinds.Read(config, type, ref layers);
        var recurrentOnly = Array.TrueForAll(kinds, static k => k is LayerKind.Recurrent);
        if (config.Count("num_attention_heads", "n_head", "n_heads", "num_heads", "decoder_attention_heads", "encoder_attention_heads") is not { } heads)
        {
            if (!recurrentOnly) return null;
            heads = 1;
        }

        var kvHeads = config.Count("num_key_value_heads", "num_kv_heads", "n_head_kv", "num_query_groups", "multi_query_group_num")
            ?? (LayerFamilies.IsMultiQuery(config) ? 1 : heads);
        var headDim = config.Count("head_dim", "attention_head_dim", "kv_channels") ?? Math.Max(1, hidden / heads);
        if (config.Child("attn_config") is { } nested) kvHeads = nested.Count("kv_n_heads") ?? kvHeads; // MPT and DBRX
        var memories = Memories(config, type, kinds, new Widths(heads, kvHeads, headDim), hidden, notes);
        if (LayerFamilies.IsTranscriber(type)) memories = [.. memories.Select(m => Listening(m, config, hidden))];
        if (LayerFamilies.IsEncoder(type)) memories = [.. kinds.Select(static _ => LayerMemory.None.Instance)];
        return new AttentionProfile { Heads = heads, KvHeads = config.Has("block_configs") ? MostKvHeads(memories) : Math.Max(kvHeads, MostKvHeads(memories)), HeadDim = headDim, Layers = memories };
    }

    /// <summary>A decoder that listens keeps keys and values of the whole recording beside its own: a fixed size a sequence (Whisper: 1,500 positions).</summary>
    private static LayerMemory Listening(LayerMemory own, ConfigNode config, int hidden) => own is LayerMemory.Full full
        ? new LayerMemory.Parallel(full, new LayerMemory.Recurrent(2L * hidden * (config.Count("max_source_positions") ?? 1500), 2, 0))
        : own;

    private static LayerMemory[] Memories(ConfigNode config, string type, LayerKind[] kinds, Widths widths, int hidden, List<ProfileNote> notes)
    {
        var full = FullLayer(config, widths);
        var window = WindowLayer(config, type, widths);
        var state = RecurrentStates.Read(config, hidden);
        var searched = config.Children("block_configs", ConfigReader.MaxLayers);
        // Gemma 3n and 4: the last layers read the cache of earlier ones.
        var own = kinds.Length - (int)Math.Min(config.Whole("num_kv_shared_layers") ?? 0, kinds.Length - 1);
        var unknown = 0;
        var stateless = 0;
        var indexers = config.Texts("indexer_types", ConfigReader.MaxLayers);
        var result = new LayerMemory[kinds.Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            result[i] = kinds[i] switch
            {
                _ when i >= own => LayerMemory.None.Instance,
                LayerKind.None => LayerMemory.None.Instance,
                LayerKind.Sliding or LayerKind.Chunked when window is not null => window,
                LayerKind.Recurrent when state is not null => state,
                LayerKind.Parallel when state is not null && full is LayerMemory.Full attention => new LayerMemory.Parallel(attention, state),
                LayerKind.Full => Shared(searched, i, widths) ?? Indexed(full, indexers, i),
                _ => full,
            };
            if (kinds[i] == LayerKind.Unknown) unknown++;
            if (kinds[i] is LayerKind.Recurrent or LayerKind.Parallel && state is null) stateless++;
        }

        if (unknown > 0)
            notes.Add(new(ProfileNoteKind.BoundedCache, $"{unknown} of {kinds.Length} layers are of a kind that is not known here; they count as full attention, which keeps the most."));
        if (stateless > 0)
            notes.Add(new(ProfileNoteKind.UnknownState, $"{stateless} recurrent layers do not state the size of their state; they count as full attention, which keeps more for long sequences."));
        if (config.Has("compress_ratios") || config.Has("sparse_attention_config"))
            notes.Add(new(ProfileNoteKind.BoundedCache, "The model compresses or skips parts of its cache in a way that is not computed here; the figure is that of full attention, an upper bound."));
        return result;
    }

    /// <summary>GLM 5.2: a layer that shares an earlier layer's indexer keeps no index of its own.</summary>
    private static LayerMemory Indexed(LayerMemory full, IReadOnlyList<string>? indexers, int layer) =>
        full is LayerMemory.Latent latent && indexers is not null && layer < indexers.Count && indexers[layer] == "shared" ? latent with { IndexDim = 0 } : full;

    private static LayerMemory FullLayer(ConfigNode config, Widths widths)
    {
        if (config.Count("kv_lora_rank") is { } rank && config.Count("qk_rope_head_dim") is { } rope)
            return new LayerMemory.Latent(rank, rope, config.Count("index_head_dim") ?? 0);
        // Gemma 4's global layers have fewer and wider heads; key and value share weights, but are cached both.
        var heads = config.Count("num_global_key_value_heads") ?? widths.KvHeads;
        var dim = config.Count("global_head_dim") ?? widths.HeadDim;
        return new LayerMemory.Full(heads, dim, config.Count("v_head_dim") ?? dim);
    }

    private static LayerMemory? WindowLayer(ConfigNode config, string type, Widths widths)
    {
        var heads = config.Count("swa_num_key_value_heads") ?? widths.KvHeads;
        var key = config.Count("swa_head_dim") ?? widths.HeadDim;
        var value = config.Count("swa_v_head_dim") ?? (config.Has("kv_lora_rank") ? key : config.Count("v_head_dim") ?? key);
        if (config.Count("attention_chunk_size") is { } chunk && LayerFamilies.IsChunked(type)) return new LayerMemory.Chunked(heads, key, value, chunk);
        return config.Count("sliding_window", "sliding_window_size", "attention_window_size") is { } window
            ? new LayerMemory.Sliding(heads, key, value, window)
            : null;
    }

    /// <summary>A searched network's layer has heads of its own: <c>n_heads_in_group</c> query heads share a key.</summary>
    private static LayerMemory.Full? Shared(IReadOnlyList<ConfigNode>? blocks, int layer, Widths widths)
    {
        if (blocks is null || layer >= blocks.Count) return null;
        var attention = blocks[layer].Child("attention") ?? blocks[layer];
        if (attention.Count("num_key_value_heads") is { } stated) return new LayerMemory.Full(stated, widths.HeadDim, widths.HeadDim);
        return attention.Count("n_heads_in_group") is { } group
            ? new LayerMemory.Full(Math.Max(1, widths.Heads / group), widths.HeadDim, widths.HeadDim)
            : null;
    }

    private static int MostKvHeads(LayerMemory[] layers) => layers.Length == 0 ? 0 : layers.Max(static l => l is LayerMemory.Full full ? full.KvHeads : 0);

    private sealed record Widths(int Heads, int KvHeads, int HeadDim);
}
