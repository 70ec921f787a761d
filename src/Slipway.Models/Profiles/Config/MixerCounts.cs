namespace Slipway.Models.Profiles.Config;

/// <summary>Counts the weights of a layer's mixing half.</summary>
internal static class MixerCounts
{
    /// <summary>Weights of the mixing half of one layer, without the layer's norms. Counts are whole numbers held as doubles, exact below 2^53.</summary>
    public static double Of(LayerMemory memory, ConfigNode config, AttentionProfile attention, double hidden, Traits traits) => memory switch
    {
        LayerMemory.Latent latent => Latent(latent, config, attention.Heads, hidden),
        LayerMemory.Full full => Attention(full.KvHeads, full.KeyDim, full.ValueDim, config, attention.Heads, hidden, traits),
        LayerMemory.Sliding window => Attention(window.KvHeads, window.KeyDim, window.ValueDim, config, attention.Heads, hidden, traits),
        LayerMemory.Chunked chunk => Attention(chunk.KvHeads, chunk.KeyDim, chunk.ValueDim, config, attention.Heads, hidden, traits),
        LayerMemory.Recurrent => GatedDelta(config, hidden) ?? Mamba2(config, hidden) ?? 4 * hidden * hidden,
        LayerMemory.Parallel both => Of(both.Attention, config, attention, hidden, traits) + Of(both.State, config, attention, hidden, traits),
        _ => 0,
    };

    private static double Attention(int kvHeads, int keyDim, int valueDim, ConfigNode config, double heads, double hidden, Traits traits)
    {
        var query = heads * keyDim * (config.Flag("attn_output_gate") == true || config.Text("model_type") == "qwen3_next" ? 2 : 1);
        var keyValue = (double)kvHeads * (keyDim + valueDim);
        var count = (hidden * (query + keyValue)) + (heads * valueDim * hidden);
        var stated = config.Flag("attention_bias", "qkv_bias") == true;
        if (traits.QkvBias || stated) count += query + keyValue;
        if ((stated && traits.OutputBias && !traits.QkvBias) || traits.SinksAndBiases) count += hidden;
        if (traits.SinksAndBiases) count += heads;
        return count + traits.QueryKeyNorm switch
        {
            QueryKeyNorm.Head => 2.0 * keyDim,
            QueryKeyNorm.AllHeads => (heads * keyDim) + ((double)kvHeads * keyDim),
            _ => 0,
        };
    }

    // DeepSeek-V2, appendix C: down and up projections with a norm between.
    private static double Latent(LayerMemory.Latent latent, ConfigNode config, double heads, double hidden)
    {
        double plain = config.Count("qk_nope_head_dim") ?? 128;
        double value = config.Count("v_head_dim") ?? 128;
        var keyDim = heads * (plain + latent.RopeDim);
        double? queryRank = config.Count("q_lora_rank");
        var query = queryRank is { } rank ? (hidden * rank) + rank + (rank * keyDim) : hidden * keyDim;
        var compressed = (hidden * (latent.Rank + latent.RopeDim)) + latent.Rank + (latent.Rank * heads * (plain + value));
        return query + compressed + (heads * value * hidden) + Indexer(latent, config, queryRank ?? hidden, hidden);
    }

    // DeepSeek-V3.2: queries from the compressed query, one key for all heads with a norm that has a bias, a weight a head.
    private static double Indexer(LayerMemory.Latent latent, ConfigNode config, double queryRank, double hidden) =>
        latent.IndexDim > 0 && config.Count("index_n_heads") is { } heads
            ? (queryRank * heads * latent.IndexDim) + (hidden * latent.IndexDim) + (2.0 * latent.IndexDim) + (hidden * heads)
            : 0;

    private static double? GatedDelta(ConfigNode config, double hidden)
    {
        if (config.Count("linear_num_value_heads") is not { } valueHeads || config.Count("linear_num_key_heads") is not { } keyHeads) return null;
        if (config.Count("linear_value_head_dim") is not { } valueDim || config.Count("linear_key_head_dim") is not { } keyDim) return null;
        var values = (double)valueHeads * valueDim;
        var channels = (2.0 * keyHeads * keyDim) + values;
        var projections = hidden * (channels + values + (2.0 * valueHeads));
        return projections + (channels * (config.Count("linear_conv_kernel_dim") ?? 4)) + (2.0 * valueHeads) + valueDim + (values * hidden);
    }

    private static double? Mamba2(ConfigNode config, double hidden)
    {
        if (config.Count("mamba_num_heads", "mamba_n_heads") is not { } heads || config.Count("mamba_head_dim", "mamba_d_head") is not { } dim) return null;
        if (config.Count("ssm_state_size", "mamba_d_state") is not { } state) return null;
        var inner = (double)heads * dim;
        var channels = inner + (2.0 * (config.Count("n_groups", "mamba_n_groups") ?? 1) * state);
        var convolution = channels * (config.Count("conv_kernel", "mamba_d_conv") ?? 4) + (config.Flag("use_conv_bias", "mamba_conv_bias") == false ? 0 : channels);
        return (hidden * (inner + channels + heads)) + convolution + (3.0 * heads) + inner + (inner * hidden);
    }
}
