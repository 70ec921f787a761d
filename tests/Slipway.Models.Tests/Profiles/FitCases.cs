using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Models.Tests.Profiles;

/// <summary>The rows of fit-cases.csv, each turned into the config.json that its model has, so that the reader is what is tested.</summary>
internal static class FitCases
{
    public static IReadOnlyList<FitCase> All { get; } = [.. Csv.Read(Csv.Shared("data", "fit-cases.csv")).Select(static r => new FitCase(r))];

    public static FitCase Of(string id) => All.First(c => c.Id == id);
}

/// <summary>One row.</summary>
internal sealed class FitCase(IReadOnlyDictionary<string, string> row)
{
    public string Id => row["model_id"];

    public string Architecture => row["architecture"];

    public string Kind => row["attention_type"];

    public string Notes => row["notes"];

    public long? Parameters => Number("params_total");

    public long? KvBytesPerToken => Number("kv_bytes_per_token_bf16");

    public long? NaiveKvBytesPerToken => Number("kv_bytes_per_token_naive_all_layers_full");

    public long? WindowBytes => Number("kv_window_bytes_per_seq_bf16");

    public long? StateBytes => Number("linear_state_bytes_per_seq");

    public long? WeightBytes => Number("weight_bytes_exact");

    public double? WeightGib => row["weight_gib_on_disk"] is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    public long? Layers => Number("num_layers");

    /// <summary>The row's numbers under the names that the architecture's own config.json uses, and the layer list that its notes describe.</summary>
    public byte[] Config()
    {
        var json = new JsonObject { ["model_type"] = ModelType };
        void Put(string name, string column)
        {
            if (Number(column) is { } value) json[name] = value;
        }

        Put("num_hidden_layers", "num_layers");
        Put("hidden_size", "hidden_size");
        Put("num_attention_heads", "num_heads");
        Put("num_key_value_heads", "num_kv_heads");
        Put("head_dim", "head_dim");
        Put("vocab_size", "vocab_size");
        Put("intermediate_size", "intermediate_size");
        Put(Architecture switch
        {
            "MixtralForCausalLM" or "GptOssForCausalLM" or "MiniMaxM2ForCausalLM" or "Llama4ForConditionalGeneration" => "num_local_experts",
            "Qwen3MoeForCausalLM" or "Step3p7FlashForCausalLM" or "Gemma4ForConditionalGeneration" => "num_experts",
            _ => "n_routed_experts"
        }, "num_experts");
        Put(Architecture is "Gemma4ForConditionalGeneration" ? "top_k_experts" : "num_experts_per_tok", "experts_per_token");
        Put("moe_intermediate_size", "moe_intermediate_size");
        Put("kv_lora_rank", "kv_lora_rank");
        Put("qk_rope_head_dim", "qk_rope_head_dim");
        Put("sliding_window", "sliding_window");
        Put("max_position_embeddings", "max_position");
        if (row["dtype"].Length > 0) json["torch_dtype"] = row["dtype"];
        if (row["quant_method"].Length > 0) json["quantization_config"] = new JsonObject { ["quant_method"] = row["quant_method"] };
        if (row["tie_embeddings"].Length > 0) json["tie_word_embeddings"] = row["tie_embeddings"] == "True";
        FamilyFacts.Add(this, json);
        var outer = new JsonObject { ["architectures"] = new JsonArray(Architecture) };
        if (!Nested)
        {
            foreach (var (name, value) in json) outer[name] = value?.DeepClone();
            return Encoding.UTF8.GetBytes(outer.ToJsonString());
        }

        outer["model_type"] = "a_wrapper_around_a_language_model";
        outer["text_config"] = json;
        return Encoding.UTF8.GetBytes(outer.ToJsonString());
    }

    public long? Number(string column) => row[column] is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public override string ToString() => Id;

    private bool Nested => Architecture.EndsWith("ForConditionalGeneration", StringComparison.Ordinal);

    private string ModelType => Architecture switch
    {
        "LlamaForCausalLM" => "llama",
        "Qwen2ForCausalLM" => "qwen2",
        "Qwen3ForCausalLM" => "qwen3",
        "Qwen3MoeForCausalLM" => "qwen3_moe",
        "MixtralForCausalLM" => "mixtral",
        "MistralForCausalLM" => "mistral",
        "Gemma2ForCausalLM" => "gemma2",
        "Phi3ForCausalLM" => "phi3",
        "GptOssForCausalLM" => "gpt_oss",
        "Olmo2ForCausalLM" => "olmo2",
        "InternLM2ForCausalLM" => "internlm2",
        "DeepseekV3ForCausalLM" => Id.Contains("Kimi", StringComparison.Ordinal) ? "kimi_k2" : "deepseek_v3",
        "DeepseekV32ForCausalLM" => "deepseek_v32",
        "GlmMoeDsaForCausalLM" => "glm_moe_dsa",
        "NemotronHForCausalLM" => "nemotron_h",
        "MiniMaxM2ForCausalLM" => "minimax_m2",
        "Llama4ForConditionalGeneration" => "llama4_text",
        "Gemma3ForConditionalGeneration" => "gemma3_text",
        "Gemma4ForConditionalGeneration" => "gemma4_text",
        "Qwen3_5ForConditionalGeneration" => "qwen3_5_text",
        "Qwen3_5MoeForConditionalGeneration" => "qwen3_5_moe_text",
        "Qwen3VLForConditionalGeneration" => "qwen3_vl_text",
        "Qwen3VLMoeForConditionalGeneration" => "qwen3_vl_moe_text",
        "Mistral3ForConditionalGeneration" => "mistral",
        "KimiK25ForConditionalGeneration" => "kimi_k2",
        _ => "unknown",
    };
}
