using System.Text;
using CsCheck;
using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Tests.Profiles;

public sealed class ConfigReaderTests
{
    private const string Widths = "\"num_hidden_layers\":12,\"hidden_size\":512,\"num_attention_heads\":8,\"num_key_value_heads\":2,\"vocab_size\":1000,\"intermediate_size\":2048";

    public static TheoryData<string, string, string> Families => new()
    {
        { "every layer a window", "mistral", "\"sliding_window\":4096" },
        { "no window unless used", "qwen2", "\"sliding_window\":4096,\"use_sliding_window\":false" },
        { "windows after the first layers", "qwen2", "\"sliding_window\":4096,\"use_sliding_window\":true,\"max_window_layers\":9" },
        { "one of six global", "gemma3_text", "\"sliding_window\":512" },
        { "alternating", "gpt_oss", "\"sliding_window\":128" },
        { "one of four global", "cohere2", "\"sliding_window\":4096" },
        { "chunks", "llama4_text", "\"attention_chunk_size\":8192" },
        { "one of eight attention", "jamba", "\"attn_layer_period\":8,\"attn_layer_offset\":4,\"mamba_d_state\":16,\"mamba_d_conv\":4,\"mamba_expand\":2" },
        { "listed layers attention", "bamba", "\"attn_layer_indices\":[3,7],\"mamba_n_heads\":16,\"mamba_d_head\":64,\"mamba_d_state\":128,\"mamba_n_groups\":1" },
        { "attention and state side by side", "falcon_h1", "\"mamba_n_heads\":16,\"mamba_d_head\":64,\"mamba_d_state\":128,\"mamba_n_groups\":1" },
        { "every layer a state", "mamba", "\"state_size\":16,\"conv_kernel\":4,\"expand\":2" },
        { "one of four attention", "qwen3_next", "\"full_attention_interval\":4,\"linear_num_value_heads\":16,\"linear_num_key_heads\":8,\"linear_key_head_dim\":64,\"linear_value_head_dim\":64" },
        { "named layers", "lfm2", "\"layer_types\":[\"conv\",\"conv\",\"full_attention\"],\"conv_L_cache\":3" },
        { "shared caches", "gemma3n_text", "\"sliding_window\":512,\"num_kv_shared_layers\":4" },
        { "compressed", "deepseek_v2", "\"kv_lora_rank\":256,\"qk_rope_head_dim\":32" },
        { "an encoder", "bert", "\"type_vocab_size\":2" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Layers_keep_what_their_family_keeps(string what, string type, string more)
    {
        var layers = TrapTests.Read($$"""{"model_type":"{{type}}",{{Widths}},{{more}} }""").Attention.Layers;
        var kinds = string.Concat(layers.Select(static l => l switch
        {
            LayerMemory.Full => 'F',
            LayerMemory.Sliding => 'S',
            LayerMemory.Chunked => 'C',
            LayerMemory.Latent => 'L',
            LayerMemory.Recurrent => 'R',
            LayerMemory.Parallel => 'P',
            _ => '-',
        }));

        Assert.Equal(what switch
        {
            "every layer a window" => "SSSSSSSSSSSS",
            "no window unless used" => "FFFFFFFFFFFF",
            "windows after the first layers" => "FFFFFFFFFSSS",
            "one of six global" => "SSSSSFSSSSSF",
            "alternating" => "SFSFSFSFSFSF",
            "one of four global" => "SSSFSSSFSSSF",
            "chunks" => "CCCFCCCFCCCF",
            "one of eight attention" => "RRRRFRRRRRRR",
            "listed layers attention" => "RRRFRRRFRRRR",
            "attention and state side by side" => "PPPPPPPPPPPP",
            "every layer a state" => "RRRRRRRRRRRR",
            "one of four attention" => "RRRFRRRFRRRF",
            "named layers" => "RRF",
            "shared caches" => "SSSSFSSS----",
            "compressed" => "LLLLLLLLLLLL",
            _ => "------------",
        }, kinds);
    }

    [Fact]
    public void The_language_model_is_found_inside_its_wrappers()
    {
        var omni = TrapTests.Read($$"""{"architectures":["Qwen3OmniMoeForConditionalGeneration"],"model_type":"qwen3_omni_moe","thinker_config":{"model_type":"qwen3_omni_moe_thinker","audio_config":{"d_model":64,"encoder_layers":2},"vision_config":{"hidden_size":64,"depth":2},"text_config":{"model_type":"qwen3_moe",{{Widths}} } } }""");

        Assert.Equal((12, "qwen3_moe", ModelTask.Generation), (omni.Shape.Layers, omni.Identity.ModelType, omni.Identity.Task));
        Assert.Equal([EncoderKind.Vision, EncoderKind.Audio], omni.Encoders.Select(static e => e.Kind));
    }

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4,"group_size":128}""", "gptq", 4.15625, 16, null)]
    [InlineData("""{"quant_method":"awq","bits":4,"group_size":64}""", "awq", 4.3125, 16, null)]
    [InlineData("""{"quant_method":"mxfp4"}""", "mxfp4", 4.25, 16, null)]
    [InlineData("""{"quant_method":"fp8","weight_block_size":[128,128]}""", "fp8", 8.001953125, 8, null)]
    [InlineData("""{"quant_method":"modelopt","quant_algo":"NVFP4","config_groups":{"group_0":{"weights":{"num_bits":4,"group_size":16},"input_activations":{"num_bits":4}}},"kv_cache_scheme":{"num_bits":8,"type":"float"}}""", "modelopt", 4.5, 4, "fp8")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"pack-quantized","config_groups":{"group_0":{"weights":{"num_bits":4,"group_size":32}}}}""", "compressed-tensors", 4.5, 16, null)]
    [InlineData("""{"quant_method":"bitsandbytes","load_in_4bit":true,"bnb_4bit_quant_type":"nf4"}""", "bitsandbytes", 4.5, 16, null)]
    public void Quantisations_are_read(string json, string method, double bits, int compute, string? cache)
    {
        var quantization = TrapTests.Read($$"""{"model_type":"llama",{{Widths}},"quantization_config":{{json}} }""").Weights.Quantization;

        Assert.Equal((method, bits, compute, cache), (quantization.Method, quantization.BitsPerWeight, quantization.ComputeBits, quantization.KvCacheScheme));
    }

    [Theory]
    [InlineData("""{"rope_type":"llama3","factor":8,"original_max_position_embeddings":8192}""", 131072, "llama3")]
    [InlineData("""{"type":"yarn","factor":4,"original_max_position_embeddings":32768}""", 131072, "yarn")]
    [InlineData("""{"type":"linear","factor":2}""", 262144, "linear")]
    [InlineData("""{"rope_type":"default"}""", 131072, "")]
    [InlineData("null", 131072, "")]
    public void Context_length_heeds_rope_scaling(string scaling, long length, string kind)
    {
        var context = TrapTests.Read($$"""{"model_type":"llama",{{Widths}},"max_position_embeddings":131072,"rope_scaling":{{scaling}} }""").Context;

        Assert.Equal((length, kind), (context.Length, context.RopeScaling));
    }

    [Fact]
    public void A_yarn_that_the_length_leaves_out_is_applied() =>
        Assert.Equal(131_072, TrapTests.Read($$"""{"model_type":"qwen2",{{Widths}},"max_position_embeddings":32768,"rope_scaling":{"type":"yarn","factor":4,"original_max_position_embeddings":32768} }""").Context.Length);

    [Fact]
    public void An_unknown_architecture_is_bounded_and_says_so()
    {
        var known = TrapTests.Read($$"""{"model_type":"llama",{{Widths}},"tie_word_embeddings":false}""");
        var unknown = TrapTests.Read($$"""{"model_type":"never_seen",{{Widths}},"tie_word_embeddings":false,"sliding_window":128}""");

        Assert.InRange(known.Parameters.Total.Low, unknown.Parameters.Total.Low, unknown.Parameters.Total.High);
        Assert.Equal((ParameterSource.Bounded, false), (unknown.Parameters.Source, unknown.Parameters.Total.IsExact));
        Assert.Contains(unknown.Notes, static n => n.Kind == ProfileNoteKind.UnknownArchitecture);
        // A window of which nobody knows whether it is used does not shrink the cache.
        Assert.Equal(CacheMath.BytesPerToken(known.Attention, KvCacheType.Bits16), CacheMath.BytesPerToken(unknown.Attention, KvCacheType.Bits16));
    }

    [Fact]
    public void A_transcriber_keeps_its_recording_and_is_bounded()
    {
        // whisper-large-v3 has 1,543,490,560 weights.
        var whisper = TrapTests.Read("""{"architectures":["WhisperForConditionalGeneration"],"model_type":"whisper","num_hidden_layers":32,"d_model":1280,"encoder_layers":32,"decoder_layers":32,"encoder_attention_heads":20,"decoder_attention_heads":20,"encoder_ffn_dim":5120,"decoder_ffn_dim":5120,"vocab_size":51866,"max_source_positions":1500,"max_target_positions":448}""");

        Assert.InRange(1_543_490_560, whisper.Parameters.Total.Low, whisper.Parameters.Total.High);
        Assert.Equal((ModelTask.Transcription, 448L), (whisper.Identity.Task, whisper.Context.Length));
        Assert.Equal(32L * 2 * 1280 * 1500 * 2, CacheMath.StateBytesPerSequence(whisper.Attention));
    }

    [Fact]
    public void An_encoder_keeps_nothing_and_is_bounded()
    {
        // bert-base-uncased has 109,482,240 weights.
        var bert = TrapTests.Read("""{"architectures":["BertModel"],"model_type":"bert","num_hidden_layers":12,"hidden_size":768,"num_attention_heads":12,"intermediate_size":3072,"vocab_size":30522,"max_position_embeddings":512}""");

        Assert.InRange(109_482_240, bert.Parameters.Total.Low, bert.Parameters.Total.High);
        Assert.Equal((ModelTask.Embedding, 0), (bert.Identity.Task, CacheMath.BytesPerSequence(bert.Attention, KvCacheType.Bits16, 512)));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("{}", "num_hidden_layers")]
    [InlineData("""{"num_hidden_layers":1000000,"num_attention_heads":1}""", "not believed")]
    [InlineData("""{"num_hidden_layers":4}""", "num_attention_heads")]
    public void What_describes_no_language_model_is_named(string json, string part) =>
        Assert.Contains(part, Assert.IsType<ConfigResult.Unreadable>(ConfigReader.Read("a/model", Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Infinity_and_NaN_of_Python_are_no_obstacle()
    {
        var profile = TrapTests.Read($$"""{"model_type":"llama","time_step_limit":[0.0, Infinity, -Infinity, NaN],"note":"NaN, \"Infinity\"",{{Widths}} }""");

        Assert.Equal(12, profile.Shape.Layers);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_obstacle() =>
        Assert.Equal(12, TrapTests.Read($$"""{"model_type":"llama","\ud800":1,"torch_dtype":"\uD83D\n",{{Widths}} }""").Shape.Layers);

    [Fact]
    public void Damage_never_crashes()
    {
        var texts = FitCases.All.Where(static c => c.Layers is not null).Select(static c => c.Config()).ToArray();
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Int[0, 4000], Gen.Byte).Array[1, 8]).Sample(
            (which, changes) =>
            {
                var damaged = (byte[])texts[which].Clone();
                foreach (var (at, value) in changes) damaged[at % damaged.Length] = value;
                ConfigReader.Read("a/model", damaged);
            },
            iter: 3000);
    }

    [Fact]
    public void Absurd_numbers_never_crash_or_wrap()
    {
        var numbers = Gen.OneOf(Gen.Long, Gen.Long[-2, 300], Gen.Const(long.MaxValue), Gen.Const(1L << 24)).Select(static n => n.ToString(System.Globalization.CultureInfo.InvariantCulture));
        string[] fields = ["hidden_size", "num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size", "intermediate_size", "n_routed_experts", "num_experts_per_tok",
            "moe_intermediate_size", "kv_lora_rank", "qk_rope_head_dim", "sliding_window", "num_nextn_predict_layers", "first_k_dense_replace", "max_position_embeddings",
            "full_attention_interval", "linear_num_value_heads", "linear_num_key_heads", "linear_value_head_dim", "linear_key_head_dim", "num_kv_shared_layers"];
        Gen.Select(Gen.Int[1, 1024], numbers.Array[fields.Length]).Sample(
            (layers, values) =>
            {
                var json = $"{{\"num_hidden_layers\":{layers},{string.Join(',', fields.Zip(values, static (f, v) => $"\"{f}\":{v}"))}}}";
                if (ConfigReader.Read("a/model", Encoding.UTF8.GetBytes(json)) is not ConfigResult.Read { Profile: var profile }) return true;
                return profile.Parameters.Total.High >= profile.Parameters.Total.Low && profile.Parameters.Total.Low >= 0
                    && profile.Weights.Bytes.High >= profile.Weights.Bytes.Low && profile.Weights.Bytes.Low >= 0
                    && CacheMath.BytesPerSequence(profile.Attention, KvCacheType.Bits16, 1 << 20) >= 0;
            },
            iter: 2000);
    }
}
