namespace Slipway.Models.Profiles.Config;

/// <summary>Which small tensors the layers of an architecture have. Source: the module definitions of transformers 5.</summary>
internal sealed record Traits
{
    /// <summary>Whether every tensor of the architecture is known, so that the count is exact.</summary>
    public bool Known { get; init; } = true;

    /// <summary>Whether nothing is known of the architecture, not even whether its feed-forward blocks have a gate.</summary>
    public bool Guessed { get; init; }

    /// <summary>Norms of the hidden width in a layer.</summary>
    public int Norms { get; init; } = 2;

    /// <summary>Biases on query, key and value, whatever the configuration says.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether <c>attention_bias</c> puts one on the output projection, too.</summary>
    public bool OutputBias { get; init; } = true;

    /// <summary>Norms on queries and keys: none, one head wide, or as wide as all heads.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>Matrices of a feed-forward block: 3 with a gate, 2 without.</summary>
    public int Matrices { get; init; } = 3;

    /// <summary>A learned sink a query head, and biases on router and experts (gpt-oss).</summary>
    public bool SinksAndBiases { get; init; }

    /// <summary>A gate of the hidden width before the shared expert (Qwen).</summary>
    public bool SharedGate { get; init; }

    /// <summary>Whether a layer with experts has a dense block beside them (Gemma 4).</summary>
    public bool DenseBesideExperts { get; init; }

    /// <summary>A correction a routed expert that the router adds (DeepSeek-V3's balancing without a loss).</summary>
    public bool RouterCorrection { get; init; }

    /// <summary>The traits of a <c>model_type</c>.</summary>
    public static Traits Of(string type, ConfigNode config) => type switch
    {
        "llama" or "mistral" or "mixtral" or "phi3" or "granite" or "internlm2" or "smollm3" or "ministral3" => new(),
        "qwen2" or "qwen2_vl_text" or "qwen2_5_vl_text" => new() { QkvBias = true },
        "qwen2_moe" => new() { QkvBias = true, SharedGate = true },
        "qwen3" or "qwen3_moe" or "qwen3_vl_text" or "qwen3_vl_moe_text" => new() { QueryKeyNorm = QueryKeyNorm.Head },
        "qwen3_next" or "qwen3_5_text" or "qwen3_5_moe_text" => new() { QueryKeyNorm = QueryKeyNorm.Head, SharedGate = true },
        "gemma" => new(),
        "gemma2" => new() { Norms = 4 },
        "gemma3_text" => new() { Norms = 4, QueryKeyNorm = QueryKeyNorm.Head },
        "gemma4_text" => new() { Known = false, Norms = 6, QueryKeyNorm = QueryKeyNorm.Head, DenseBesideExperts = true },
        "gpt_oss" => new() { QkvBias = true, SinksAndBiases = true },
        "deepseek_v2" => new(),
        "deepseek_v3" or "kimi_k2" or "deepseek_v32" or "glm_moe_dsa" => new() { RouterCorrection = true },
        "glm4_moe" => new() { OutputBias = false, RouterCorrection = true, QueryKeyNorm = config.Flag("use_qk_norm") == true ? QueryKeyNorm.Head : QueryKeyNorm.None },
        "minimax_m2" => new() { RouterCorrection = true, QueryKeyNorm = QueryKeyNorm.AllHeads },
        "olmo2" => new() { QueryKeyNorm = QueryKeyNorm.AllHeads },
        "llama4_text" => new(),
        "nemotron_h" => new() { Norms = 1, Matrices = 2, RouterCorrection = true },
        "mimo" => new() { QkvBias = true },
        _ => new() { Known = false, Guessed = true },
    };
}

/// <summary>Norms on queries and keys.</summary>
internal enum QueryKeyNorm
{
    None,
    Head,
    AllHeads,
}
