namespace Slipway.Models.Profiles.Config;

/// <summary>What the mixing half of a layer is, before its widths are known.</summary>
internal enum LayerKind
{
    Full,
    Sliding,
    Chunked,
    Recurrent,
    Parallel,
    None,
    Unknown,
}

/// <summary>Finds out what each layer is from the many ways in which configurations say it.</summary>
internal static class LayerKinds
{
    private const int Limit = ConfigReader.MaxLayers;

    /// <summary>The kind of every layer; <paramref name="layers"/> is corrected where a list says how many there are.</summary>
    public static LayerKind[] Read(ConfigNode config, string type, ref int layers)
    {
        if (FromLists(config, type) is { Length: > 0 } listed)
        {
            layers = listed.Length;
            return listed;
        }

        var count = layers;
        return [.. Enumerable.Range(0, count).Select(Rule(config, type, count))];
    }

    private static LayerKind[]? FromLists(ConfigNode config, string type)
    {
        // Nemotron-H: M Mamba, * attention, - and E feed-forward.
        if (config.Text("hybrid_override_pattern") is { Length: > 0 and <= Limit } pattern)
            return [.. pattern.Select(static c => c switch { 'M' => LayerKind.Recurrent, '*' => LayerKind.Full, '-' or 'E' => LayerKind.None, _ => LayerKind.Unknown })];
        if ((config.Texts("layer_types", Limit) ?? config.Texts("layers_block_type", Limit) ?? config.Texts("block_types", Limit)) is { Count: > 0 } names)
            return [.. names.Select(n => Named(n, type))];
        // MiniMax-01 and M2: 1 is attention, 0 is linear.
        if (config.Numbers("attn_type_list", Limit) is { Count: > 0 } attention)
            return [.. attention.Select(static n => n == 0 ? LayerKind.Recurrent : LayerKind.Full)];
        // MiMo-V2: 1 is a window.
        if (config.Numbers("hybrid_layer_pattern", Limit) is { Count: > 0 } windows)
            return [.. windows.Select(static n => n == 0 ? LayerKind.Full : LayerKind.Sliding)];
        // Networks found by search (DeciLM): a layer may have no attention at all.
        if (config.Children("block_configs", Limit) is { Count: > 0 } blocks)
            return [.. blocks.Select(Searched)];
        return null;
    }

    private static LayerKind Searched(ConfigNode block)
    {
        var attention = block.Child("attention") ?? block;
        if (attention.Flag("no_op") == true || attention.Flag("replace_with_linear") == true) return LayerKind.None;
        return attention.Count("window_length") is not null ? LayerKind.Sliding : LayerKind.Full;
    }

    private static LayerKind Named(string name, string type) => name switch
    {
        "hybrid" => type.StartsWith("falcon_h1", StringComparison.Ordinal) ? LayerKind.Parallel : LayerKind.Unknown,
        "full_attention" or "attention" or "global_attention" or "global" or "full" => LayerKind.Full,
        "sliding_attention" or "local_attention" or "sliding_window" or "local" => LayerKind.Sliding,
        "chunked_attention" => LayerKind.Chunked,
        "linear_attention" or "mamba" or "mamba2" or "conv" or "kda" or "gated_delta_net" or "recurrent" => LayerKind.Recurrent,
        "mlp" or "moe" or "feed_forward" => LayerKind.None,
        _ => LayerKind.Unknown,
    };

    private static Func<int, LayerKind> Rule(ConfigNode config, string type, int count)
    {
        if (LayerFamilies.IsMamba(type)) return static _ => LayerKind.Recurrent;
        if (type.StartsWith("falcon_h1", StringComparison.Ordinal)) return static _ => LayerKind.Parallel;
        // Kimi Linear lists its full layers, counted from one.
        if (config.Child("linear_attn_config")?.Numbers("full_attn_layers", Limit) is { } full)
            return i => full.Contains(i + 1) ? LayerKind.Full : LayerKind.Recurrent;
        if (config.Numbers("attn_layer_indices", Limit) is { } indices)
            return i => indices.Contains(i) ? LayerKind.Full : LayerKind.Recurrent;
        if (config.Count("attn_layer_period") is { } period)
            return i => i % period == (config.Whole("attn_layer_offset") ?? 0) % period ? LayerKind.Full : LayerKind.Recurrent;
        if (config.Count("full_attention_interval") is { } interval && config.Has("linear_num_value_heads"))
            return i => (i + 1) % interval == 0 ? LayerKind.Full : LayerKind.Recurrent;
        if (LayerFamilies.IsChunked(type)) return Chunks(config);
        return Windows(config, type, count);
    }

    /// <summary>Llama 4: <c>no_rope_layers</c> has 0 where a layer sees everything, by default every fourth.</summary>
    private static Func<int, LayerKind> Chunks(ConfigNode config)
    {
        var interval = config.Count("no_rope_layer_interval") ?? 4;
        var listed = config.Numbers("no_rope_layers", Limit);
        return i => (listed is { Count: > 0 } && i < listed.Count ? listed[i] == 0 : (i + 1) % interval == 0) ? LayerKind.Full : LayerKind.Chunked;
    }

    private static Func<int, LayerKind> Windows(ConfigNode config, string type, int count)
    {
        if (config.Count("sliding_window", "sliding_window_size") is null || config.Flag("use_sliding_window") == false) return static _ => LayerKind.Full;
        // The pattern's last layer sees everything.
        if (config.Count("sliding_window_pattern", "_sliding_window_pattern") is { } stated) return i => (i + 1) % stated == 0 ? LayerKind.Full : LayerKind.Sliding;
        if (LayerFamilies.WindowPattern(type) is { } usual) return i => (i + 1) % usual == 0 ? LayerKind.Full : LayerKind.Sliding;
        // Qwen2 and its kin say which layers come first without a window, and must be asked for windows at all.
        if (config.Flag("use_sliding_window") == true)
        {
            var first = config.Whole("max_window_layers") ?? count;
            return i => i < first ? LayerKind.Full : LayerKind.Sliding;
        }

        // A window in the configuration of another architecture is not proof that the engine uses one: full attention bounds it.
        return LayerFamilies.AllWindows(type) ? static _ => LayerKind.Sliding : static _ => LayerKind.Full;
    }
}
