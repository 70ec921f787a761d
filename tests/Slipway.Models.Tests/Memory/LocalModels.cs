using System.Text;
using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;
using Slipway.Models.Tests.Profiles;

namespace Slipway.Models.Tests.Memory;

/// <summary>The published config.json of models in local-measured-cases.csv, the fields that decide about memory.</summary>
internal static class LocalModels
{
    private static readonly Dictionary<string, string> s_configs = new(StringComparer.Ordinal)
    {
        ["Qwen/Qwen3-8B"] = """{"model_type":"qwen3","num_hidden_layers":36,"hidden_size":4096,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"intermediate_size":12288,"tie_word_embeddings":false}""",
        ["Qwen/Qwen3-14B"] = """{"model_type":"qwen3","num_hidden_layers":40,"hidden_size":5120,"num_attention_heads":40,"num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"intermediate_size":17408,"tie_word_embeddings":false}""",
        ["Qwen/Qwen2.5-14B-Instruct"] = """{"model_type":"qwen2","num_hidden_layers":48,"hidden_size":5120,"num_attention_heads":40,"num_key_value_heads":8,"vocab_size":152064,"intermediate_size":13824,"tie_word_embeddings":false}""",
        ["Qwen/Qwen2.5-Coder-7B-Instruct"] = """{"model_type":"qwen2","num_hidden_layers":28,"hidden_size":3584,"num_attention_heads":28,"num_key_value_heads":4,"vocab_size":152064,"intermediate_size":18944,"tie_word_embeddings":false}""",
        ["google/gemma-3-1b-it"] = """{"model_type":"gemma3_text","num_hidden_layers":26,"hidden_size":1152,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":256,"vocab_size":262144,"intermediate_size":6912,"sliding_window":512,"sliding_window_pattern":6}""",
        ["google/gemma-3-4b-it"] = """{"model_type":"gemma3_text","num_hidden_layers":34,"hidden_size":2560,"num_attention_heads":8,"num_key_value_heads":4,"head_dim":256,"vocab_size":262208,"intermediate_size":10240,"sliding_window":1024,"sliding_window_pattern":6}""",
        ["google/gemma-3-12b-it"] = """{"model_type":"gemma3_text","num_hidden_layers":48,"hidden_size":3840,"num_attention_heads":16,"num_key_value_heads":8,"head_dim":256,"vocab_size":262208,"intermediate_size":15360,"sliding_window":1024,"sliding_window_pattern":6}""",
        ["unsloth/Qwen3.6-35B-A3B-GGUF"] = """{"model_type":"qwen3_5_moe_text","num_hidden_layers":40,"hidden_size":2048,"num_attention_heads":16,"num_key_value_heads":2,"head_dim":256,"vocab_size":248320,"moe_intermediate_size":512,"shared_expert_intermediate_size":512,"num_experts":256,"num_experts_per_tok":8,"full_attention_interval":4,"linear_num_key_heads":16,"linear_num_value_heads":32,"linear_key_head_dim":128,"linear_value_head_dim":128,"linear_conv_kernel_dim":4,"mamba_ssm_dtype":"float32","attn_output_gate":true,"tie_word_embeddings":false}""",
        ["deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct"] = """{"model_type":"deepseek_v2","num_hidden_layers":27,"hidden_size":2048,"num_attention_heads":16,"num_key_value_heads":16,"kv_lora_rank":512,"qk_rope_head_dim":64,"qk_nope_head_dim":128,"v_head_dim":128,"n_routed_experts":64,"n_shared_experts":2,"num_experts_per_tok":6,"moe_intermediate_size":1408,"first_k_dense_replace":1,"intermediate_size":10944,"vocab_size":102400,"tie_word_embeddings":false}""",
    };

    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.Ordinal)
    {
        // Conversions and fine-tunes of the same architecture.
        ["unsloth/gemma-4-26B-A4B-it-GGUF"] = "google/gemma-4-26B-A4B",
        ["Jackrong/Gemopus-4-26B-A4B-it-GGUF"] = "google/gemma-4-26B-A4B",
        ["google/gemma-4-31B-it"] = "nvidia/Gemma-4-31B-IT-NVFP4",
        ["Jackrong/Qwopus3.5-27B-v3-GGUF"] = "Qwen/Qwen3.5-27B",
        ["HuggingFaceTB/SmolLM2-360M-Instruct"] = "HuggingFaceTB/SmolLM2-360M",
    };

    /// <summary>The model's profile; null when its configuration is not at hand.</summary>
    public static ModelProfile? Find(string id)
    {
        if (s_configs.TryGetValue(id, out var json)) return Read(id, Encoding.UTF8.GetBytes(json));
        var row = FitCases.All.FirstOrDefault(c => c.Id == s_aliases.GetValueOrDefault(id, id));
        return row is { Layers: not null } && Read(id, row.Config()) is { Shape: { VocabularySize: not null, IntermediateSize: not null } } profile ? profile : null;
    }

    private static ModelProfile? Read(string id, byte[] json) => (ConfigReader.Read(id, json) as ConfigResult.Read)?.Profile;
}
