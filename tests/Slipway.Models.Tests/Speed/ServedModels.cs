using System.Text;
using System.Text.Json.Nodes;
using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Tests.Speed;

/// <summary>The models of the measured runs, by the numbers of their config.json.</summary>
internal static class ServedModels
{
    private const string Deepseek = """{"model_type":"deepseek_v3","num_hidden_layers":61,"hidden_size":7168,"num_attention_heads":128,"num_key_value_heads":128,"vocab_size":129280,"intermediate_size":18432,"n_routed_experts":256,"num_experts_per_tok":8,"n_shared_experts":1,"moe_intermediate_size":2048,"first_k_dense_replace":3,"moe_layer_freq":1,"q_lora_rank":1536,"kv_lora_rank":512,"qk_rope_head_dim":64,"qk_nope_head_dim":128,"v_head_dim":128}""";
    private const string Kimi = """{"model_type":"kimi_k2","num_hidden_layers":61,"hidden_size":7168,"num_attention_heads":64,"num_key_value_heads":64,"vocab_size":163840,"intermediate_size":18432,"n_routed_experts":384,"num_experts_per_tok":8,"n_shared_experts":1,"moe_intermediate_size":2048,"first_k_dense_replace":1,"moe_layer_freq":1,"q_lora_rank":1536,"kv_lora_rank":512,"qk_rope_head_dim":64,"qk_nope_head_dim":128,"v_head_dim":128}""";

    private static readonly Dictionary<string, (string Architecture, string Config)> s_models = new(StringComparer.Ordinal)
    {
        ["qwen3-32b"] = ("Qwen3ForCausalLM", """{"model_type":"qwen3","num_hidden_layers":64,"hidden_size":5120,"num_attention_heads":64,"num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"intermediate_size":25600}"""),
        ["qwen3-14b"] = ("Qwen3ForCausalLM", """{"model_type":"qwen3","num_hidden_layers":40,"hidden_size":5120,"num_attention_heads":40,"num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"intermediate_size":17408}"""),
        ["qwen3-8b"] = ("Qwen3ForCausalLM", """{"model_type":"qwen3","num_hidden_layers":36,"hidden_size":4096,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":128,"vocab_size":151936,"intermediate_size":12288}"""),
        ["llama-3.1-8b"] = ("LlamaForCausalLM", """{"model_type":"llama","num_hidden_layers":32,"hidden_size":4096,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":128,"vocab_size":128256,"intermediate_size":14336}"""),
        ["qwen3-30b-a3b"] = ("Qwen3MoeForCausalLM", """{"model_type":"qwen3_moe","num_hidden_layers":48,"hidden_size":2048,"num_attention_heads":32,"num_key_value_heads":4,"head_dim":128,"vocab_size":151936,"intermediate_size":6144,"num_experts":128,"num_experts_per_tok":8,"moe_intermediate_size":768,"decoder_sparse_step":1}"""),
        ["qwen3-235b"] = ("Qwen3MoeForCausalLM", """{"model_type":"qwen3_moe","num_hidden_layers":94,"hidden_size":4096,"num_attention_heads":64,"num_key_value_heads":4,"head_dim":128,"vocab_size":151936,"intermediate_size":12288,"num_experts":128,"num_experts_per_tok":8,"moe_intermediate_size":1536,"decoder_sparse_step":1}"""),
        ["deepseek"] = ("DeepseekV3ForCausalLM", Deepseek),
        ["kimi"] = ("DeepseekV3ForCausalLM", Kimi),
        ["minimax"] = ("MiniMaxM2ForCausalLM", """{"model_type":"minimax_m2","num_hidden_layers":62,"hidden_size":3072,"num_attention_heads":48,"num_key_value_heads":8,"head_dim":128,"vocab_size":200064,"intermediate_size":1536,"num_local_experts":256,"num_experts_per_tok":8}"""),
        ["gpt-oss-120b"] = ("GptOssForCausalLM", """{"model_type":"gpt_oss","num_hidden_layers":36,"hidden_size":2880,"num_attention_heads":64,"num_key_value_heads":8,"head_dim":64,"vocab_size":201088,"intermediate_size":2880,"num_local_experts":128,"num_experts_per_tok":4,"sliding_window":128,"attention_bias":true}"""),
        ["glm-4.5-air"] = ("Glm4MoeForCausalLM", """{"model_type":"glm4_moe","num_hidden_layers":46,"hidden_size":4096,"num_attention_heads":96,"num_key_value_heads":8,"head_dim":128,"vocab_size":151552,"intermediate_size":10944,"n_routed_experts":128,"num_experts_per_tok":8,"n_shared_experts":1,"moe_intermediate_size":1408,"first_k_dense_replace":1}"""),
        ["glm-4.6"] = ("Glm4MoeForCausalLM", """{"model_type":"glm4_moe","num_hidden_layers":92,"hidden_size":5120,"num_attention_heads":96,"num_key_value_heads":8,"head_dim":128,"vocab_size":151552,"intermediate_size":12288,"n_routed_experts":160,"num_experts_per_tok":8,"n_shared_experts":1,"moe_intermediate_size":1536,"first_k_dense_replace":3}"""),
        ["qwen3.5-397b"] = ("Qwen3_5MoeForCausalLM", """{"model_type":"qwen3_5_moe_text","num_hidden_layers":60,"hidden_size":4096,"num_attention_heads":32,"num_key_value_heads":2,"head_dim":256,"vocab_size":248320,"num_experts":512,"num_experts_per_tok":10,"moe_intermediate_size":1024,"shared_expert_intermediate_size":1024,"full_attention_interval":4,"linear_num_key_heads":16,"linear_num_value_heads":64,"linear_key_head_dim":128,"linear_value_head_dim":128,"linear_conv_kernel_dim":4,"attn_output_gate":true}"""),
    };

    private static readonly Dictionary<(string, string), ModelProfile> s_profiles = [];

    /// <summary>The model that a row's name means; <c>null</c> for the few whose numbers are not known.</summary>
    public static string? Key(string name) => name switch
    {
        "MiniMaxAI/MiniMax-M2.5" => "minimax",
        "Qwen/Qwen3-14B-AWQ" => "qwen3-14b",
        "Qwen/Qwen3-235B-A22B-Instruct-2507" => "qwen3-235b",
        "Qwen/Qwen3-30B-A3B" => "qwen3-30b-a3b",
        "Qwen/Qwen3-32B" or "Qwen/Qwen3-32B-AWQ" or "Qwen/Qwen3-32B-FP8" => "qwen3-32b",
        "Qwen/Qwen3-8B-FP8" => "qwen3-8b",
        "Qwen/Qwen3.5-397B-A17B" => "qwen3.5-397b",
        "deepseek-ai/DeepSeek-R1" or "deepseek-ai/DeepSeek-R1-0528" or "/workspace/DeepSeek-R1-0528" or "nvidia/DeepSeek-V3.1-NVFP4" => "deepseek",
        "meta-llama/Llama-3.1-8B-Instruct" or "nvidia/Llama-3.1-8B-Instruct-FP8" => "llama-3.1-8b",
        "moonshotai/Kimi-K2.5" => "kimi",
        "openai/gpt-oss-120b" => "gpt-oss-120b",
        "zai-org/GLM-4.5-Air" or "GLM-4.5-Air" => "glm-4.5-air",
        "zai-org/GLM-4.6-FP8" => "glm-4.6",
        _ => null,
    };

    /// <summary>The profile of a model in a precision, read through the reader of config.json.</summary>
    public static ModelProfile Of(string key, string precision)
    {
        lock (s_profiles)
        {
            if (s_profiles.TryGetValue((key, precision), out var known)) return known;
            var (architecture, config) = s_models[key];
            var json = JsonNode.Parse(config)!.AsObject();
            json["architectures"] = new JsonArray(architecture);
            json["torch_dtype"] = "bfloat16";
            json["tie_word_embeddings"] = false;
            json["max_position_embeddings"] = 262144;
            if (Packing(key, precision) is { } packing) json["quantization_config"] = JsonNode.Parse(packing);
            var read = ConfigReader.Read(key, Encoding.UTF8.GetBytes(json.ToJsonString()));
            return s_profiles[(key, precision)] = ((ConfigResult.Read)read).Profile;
        }
    }

    // Makers of 4-bit checkpoints of mixtures pack the experts and leave attention in 16 bits.
    private static string? Packing(string key, string precision) => (key, precision) switch
    {
        (_, "fp8") => """{"quant_method":"fp8","weight_block_size":[128,128]}""",
        ("gpt-oss-120b", _) => """{"quant_method":"mxfp4","modules_to_not_convert":["model.layers.*.self_attn","model.layers.*.mlp.router","model.embed_tokens","lm_head"]}""",
        ("qwen3-32b" or "qwen3-14b" or "qwen3-8b" or "llama-3.1-8b", "fp4") => """{"quant_method":"modelopt","quant_algo":"NVFP4","ignore":["lm_head"]}""",
        (_, "fp4") => """{"quant_method":"modelopt","quant_algo":"NVFP4","ignore":["lm_head","re:.*self_attn.*","re:.*shared_experts.*","re:.*mlp\\.(gate|up|gate_up|down)_proj.*"]}""",
        ("kimi", "int4") => """{"quant_method":"compressed-tensors","format":"pack-quantized","config_groups":{"group_0":{"weights":{"num_bits":4,"group_size":32,"type":"int"}}},"ignore":["lm_head","re:.*self_attn.*","re:.*shared_experts.*","re:.*mlp\\.(gate|up|gate_up|down)_proj.*"]}""",
        (_, "int4") => """{"quant_method":"awq","bits":4,"group_size":128,"zero_point":true}""",
        _ => null,
    };
}
