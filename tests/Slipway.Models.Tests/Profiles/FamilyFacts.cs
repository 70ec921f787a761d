using System.Text.Json.Nodes;

namespace Slipway.Models.Tests.Profiles;

/// <summary>What the models' own config.json files say beyond the columns of fit-cases.csv: facts of the published configurations.</summary>
internal static class FamilyFacts
{
    private static readonly Dictionary<string, string> s_byArchitecture = new(StringComparer.Ordinal)
    {
        ["DeepseekV3ForCausalLM"] = """{"q_lora_rank":1536,"qk_nope_head_dim":128,"v_head_dim":128,"first_k_dense_replace":3,"n_shared_experts":1,"moe_layer_freq":1}""",
        ["DeepseekV32ForCausalLM"] = """{"q_lora_rank":1536,"qk_nope_head_dim":128,"v_head_dim":128,"first_k_dense_replace":3,"n_shared_experts":1,"index_head_dim":128,"index_n_heads":64}""",
        ["GlmMoeDsaForCausalLM"] = """{"q_lora_rank":2048,"qk_nope_head_dim":192,"v_head_dim":256,"first_k_dense_replace":3,"n_shared_experts":1,"index_head_dim":128,"index_n_heads":32}""",
        ["KimiK25ForConditionalGeneration"] = """{"q_lora_rank":1536,"qk_nope_head_dim":128,"v_head_dim":128,"first_k_dense_replace":1,"n_shared_experts":1}""",
        ["Gemma3ForConditionalGeneration"] = """{"sliding_window":1024,"sliding_window_pattern":6}""",
        ["Gemma4ForConditionalGeneration"] = """{"sliding_window":1024,"global_head_dim":512,"attention_k_eq_v":true}""",
        ["Gemma2ForCausalLM"] = """{"tie_word_embeddings":true}""",
        ["GptOssForCausalLM"] = """{"attention_bias":true}""",
        ["Llama4ForConditionalGeneration"] = """{"attention_chunk_size":8192,"intermediate_size_mlp":16384}""",
        ["Qwen3_5ForConditionalGeneration"] = """{"full_attention_interval":4,"linear_num_key_heads":16,"linear_num_value_heads":48,"linear_key_head_dim":128,"linear_value_head_dim":128,"linear_conv_kernel_dim":4,"mamba_ssm_dtype":"float32","attn_output_gate":true}""",
        ["Qwen3_5MoeForConditionalGeneration"] = """{"full_attention_interval":4,"linear_num_key_heads":16,"linear_num_value_heads":64,"linear_key_head_dim":128,"linear_value_head_dim":128,"linear_conv_kernel_dim":4,"mamba_ssm_dtype":"float32","attn_output_gate":true}""",
    };

    private static readonly Dictionary<string, string> s_byModel = new(StringComparer.Ordinal)
    {
        ["moonshotai/Kimi-K2-Instruct"] = """{"first_k_dense_replace":1}""",
        ["nvidia/Gemma-4-31B-IT-NVFP4"] = """{"num_global_key_value_heads":4}""",
        ["google/gemma-4-26B-A4B"] = """{"num_global_key_value_heads":2}""",
        ["nvidia/Gemma-4-26B-A4B-NVFP4"] = """{"num_global_key_value_heads":2}""",
        ["nvidia/Nemotron-H-56B-Base-8K"] = """{"hybrid_override_pattern":"M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M-","mamba_num_heads":256,"mamba_head_dim":64,"ssm_state_size":256,"n_groups":8,"conv_kernel":4,"attention_head_dim":128}""",
        ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16"] = Nano,
        ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-NVFP4"] = Nano,
        ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4"] = """{"hybrid_override_pattern":"MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME","mamba_num_heads":128,"mamba_head_dim":64,"ssm_state_size":128,"n_groups":8,"conv_kernel":4,"mamba_ssm_cache_dtype":"float32"}""",
        ["stepfun-ai/Step-3.7-Flash-FP8"] = """{"share_expert_dim":1280,"first_k_dense_replace":3}""",
        ["moonshotai/Kimi-K2.5"] = """{"quantization_config":{"quant_method":"compressed-tensors","format":"pack-quantized","config_groups":{"group_0":{"weights":{"num_bits":4,"group_size":32,"type":"int"}}},"ignore":["lm_head","re:.*self_attn.*","re:.*shared_experts.*","re:.*mlp\\.(gate|up|gate_up|down)_proj.*"]}}""",
        // Widths that the catalogue rows leave out.
        ["deepseek-ai/DeepSeek-R1-Distill-Llama-8B"] = """{"vocab_size":128256,"intermediate_size":14336,"tie_word_embeddings":false}""",
        ["deepseek-ai/DeepSeek-R1-Distill-Qwen-14B"] = """{"vocab_size":152064,"intermediate_size":13824,"tie_word_embeddings":false}""",
        ["deepseek-ai/DeepSeek-R1-0528"] = """{"vocab_size":129280,"intermediate_size":18432,"moe_intermediate_size":2048,"n_routed_experts":256,"num_experts_per_tok":8,"tie_word_embeddings":false,"num_nextn_predict_layers":1}""",
        ["meta-llama/Llama-3.1-8B-Instruct"] = """{"vocab_size":128256,"intermediate_size":14336,"tie_word_embeddings":false}""",
        ["meta-llama/Llama-3.3-70B-Instruct"] = """{"vocab_size":128256,"intermediate_size":28672,"tie_word_embeddings":false}""",
        ["microsoft/Phi-3-mini-128k-instruct"] = """{"vocab_size":32064,"intermediate_size":8192,"tie_word_embeddings":false,"sliding_window":262144}""",
        ["microsoft/Phi-3-mini-4k-instruct"] = """{"vocab_size":32064,"intermediate_size":8192,"tie_word_embeddings":false,"sliding_window":2047}""",
        ["microsoft/phi-4"] = """{"vocab_size":100352,"intermediate_size":17920,"tie_word_embeddings":false}""",
        ["microsoft/Phi-4-mini-instruct"] = """{"vocab_size":200064,"intermediate_size":8192,"tie_word_embeddings":true}""",
        ["mistralai/Mistral-7B-Instruct-v0.3"] = """{"vocab_size":32768,"intermediate_size":14336,"tie_word_embeddings":false}""",
        ["Qwen/Qwen2.5-Coder-32B-Instruct"] = """{"vocab_size":152064,"intermediate_size":27648,"tie_word_embeddings":false}""",
        ["Qwen/Qwen2.5-7B-Instruct"] = """{"vocab_size":152064,"intermediate_size":18944,"tie_word_embeddings":false}""",
        ["Qwen/Qwen3-8B-AWQ"] = """{"head_dim":128,"vocab_size":151936,"intermediate_size":12288,"tie_word_embeddings":false,"quantization_config":{"quant_method":"awq","bits":4,"group_size":128,"zero_point":true,"modules_to_not_convert":null}}""",
        ["MiniMaxAI/MiniMax-M2"] = """{"vocab_size":200064,"intermediate_size":1536,"num_local_experts":256,"num_experts_per_tok":8,"tie_word_embeddings":false,"quantization_config":{"quant_method":"fp8","weight_block_size":[128,128],"modules_to_not_convert":["gate","e_score_correction_bias","lm_head"]}}""",
        ["mistralai/Mistral-Small-3.2-24B-Instruct-2506"] = """{"vocab_size":131072,"intermediate_size":32768,"tie_word_embeddings":false}""",
    };

    private const string Nano = """{"hybrid_override_pattern":"MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME","mamba_num_heads":64,"mamba_head_dim":64,"ssm_state_size":128,"n_groups":8,"conv_kernel":4,"mamba_ssm_cache_dtype":"float32","n_shared_experts":1,"moe_shared_expert_intermediate_size":3712,"use_conv_bias":true}""";

    /// <summary>Adds what is known of a row's architecture and model, and the layer list where the row describes one.</summary>
    public static void Add(FitCase row, JsonObject json)
    {
        foreach (var facts in new[] { s_byArchitecture.GetValueOrDefault(row.Architecture), s_byModel.GetValueOrDefault(row.Id) })
        {
            if (facts is null) continue;
            foreach (var (name, value) in JsonNode.Parse(facts)!.AsObject()) json[name] = value?.DeepClone();
        }

        if (row.Architecture == "Gemma4ForConditionalGeneration") json["layer_types"] = Types(row, static i => (i + 1) % 6 == 0);
        if (row.Architecture == "Step3p7FlashForCausalLM") json["layer_types"] = Types(row, static i => i % 4 == 0);
        if (row.Architecture == "GptOssForCausalLM") json["layer_types"] = Types(row, static i => i % 2 == 1);
    }

    private static JsonArray Types(FitCase row, Func<int, bool> full) =>
        [.. Enumerable.Range(0, (int)row.Layers!.Value).Select(i => (JsonNode)(full(i) ? "full_attention" : "sliding_attention"))];
}
