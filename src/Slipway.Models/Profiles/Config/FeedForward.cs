namespace Slipway.Models.Profiles.Config;

/// <summary>What the second half of a layer is.</summary>
internal enum FeedForwardKind
{
    None,
    Dense,
    Experts,
}

/// <summary>Reads experts, and which layers have them.</summary>
internal sealed record FeedForward(IReadOnlyList<FeedForwardKind> Layers, int Experts, int Active, int ExpertWidth, double SharedWidth, int DenseWidth)
{
    /// <summary>Bits of an expert's weight where the configuration gives experts a type of their own (DeepSeek-V4's 4-bit ones, a scale for 32).</summary>
    public double? ExpertBits { get; init; }

    /// <summary>Reads the feed-forward halves of all layers.</summary>
    public static FeedForward Read(ConfigNode config, string type, int layers)
    {
        var experts = config.Count("n_routed_experts", "num_local_experts", "num_experts", "moe_num_experts", "num_routed_experts");
        var dense = config.Count("intermediate_size", "ffn_hidden_size", "n_inner", "d_ff", "encoder_ffn_dim") ?? 0;
        if (experts is null or 1) return new(Kinds(config, layers, static (_, _) => false), 0, 0, 0, 0, config.Count("dense_intermediate_size") ?? dense);
        var active = config.Count("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk", "top_k_experts", "moe_k", "num_selected_experts") ?? 1;
        var width = config.Count("moe_intermediate_size", "expert_intermediate_size", "expert_ffn_hidden_size", "moe_ffn_hidden_size") ?? dense;
        // Llama 4 writes the experts' width into intermediate_size and the dense layers' into intermediate_size_mlp.
        var denseWidth = config.Count("intermediate_size_mlp", "dense_intermediate_size") ?? dense;
        return new(Kinds(config, layers, HasExperts(config, type)), experts.Value, Math.Min(active, experts.Value), width, Shared(config, type, width), denseWidth)
        {
            ExpertBits = config.Text("expert_dtype") is "fp4" ? 4.25 : null,
        };
    }

    private static double Shared(ConfigNode config, string type, int width)
    {
        if (config.Count("shared_expert_intermediate_size", "moe_shared_expert_intermediate_size", "shared_intermediate_size", "share_expert_dim") is { } stated) return stated;
        if (config.Count("n_shared_experts", "num_shared_experts", "moe_num_shared_experts") is { } count) return (double)count * width;
        return LayerFamilies.IsChunked(type) ? width : 0; // Llama 4 has one and does not say so
    }

    private static FeedForwardKind[] Kinds(ConfigNode config, int layers, Func<int, int, bool> hasExperts)
    {
        var pattern = config.Text("hybrid_override_pattern");
        var names = config.Texts("layers_block_type", ConfigReader.MaxLayers);
        var result = new FeedForwardKind[layers];
        for (var i = 0; i < layers; i++)
        {
            result[i] = i < pattern.Length ? pattern[i] switch { 'E' => FeedForwardKind.Experts, '-' => FeedForwardKind.Dense, _ => FeedForwardKind.None }
                : names is not null && i < names.Count && names.Contains("moe") ? names[i] switch { "moe" => FeedForwardKind.Experts, "mlp" => FeedForwardKind.Dense, _ => FeedForwardKind.None }
                : hasExperts(i, layers) ? FeedForwardKind.Experts
                : FeedForwardKind.Dense;
        }

        return result;
    }

    private static Func<int, int, bool> HasExperts(ConfigNode config, string type)
    {
        if (config.Texts("mlp_layer_types", ConfigReader.MaxLayers) is { Count: > 0 } types) return (i, _) => i >= types.Count || types[i] == "sparse";
        if (config.Numbers("moe_layer_freq", ConfigReader.MaxLayers) is { Count: > 0 } flags) return (i, _) => i >= flags.Count || flags[i] != 0;
        if (config.Count("expert_layer_period") is { } period) return (i, _) => i % period == (config.Whole("expert_layer_offset") ?? 0) % period;
        if (config.Count("interleave_moe_layer_step") is { } step) return (i, _) => (i + 1) % step == 0;
        var first = config.Whole("first_k_dense_replace", "moe_layer_start_index") ?? 0;
        var every = config.Count("decoder_sparse_step", "moe_layer_freq", "moe_layer_interval") ?? 1;
        var without = config.Numbers("mlp_only_layers", ConfigReader.MaxLayers) ?? [];
        // DeepSeek counts from layer 0, Qwen from layer 1; with a step of one they agree.
        var shift = type.StartsWith("qwen", StringComparison.Ordinal) ? 1 : 0;
        return (i, _) => i >= first && (i + shift) % every == 0 && !without.Contains(i);
    }
}
