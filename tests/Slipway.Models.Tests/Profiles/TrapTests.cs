using System.Text;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;
using Slipway.Models.Safetensors;
using Slipway.Models.Tests.Memory;

namespace Slipway.Models.Tests.Profiles;

/// <summary>The mistakes that estimators are known for, each as a test.</summary>
public sealed class TrapTests
{
    private const string Qwen3Moe = """{"architectures":["Qwen3MoeForCausalLM"],"model_type":"qwen3_moe","num_hidden_layers":48,"hidden_size":2048,"num_attention_heads":32,"num_key_value_heads":4,"head_dim":128,"vocab_size":151936,"intermediate_size":6144,"num_experts":128,"num_experts_per_tok":8,"moe_intermediate_size":768,"tie_word_embeddings":false,"torch_dtype":"bfloat16"}""";

    [Theory]
    [InlineData("someone/Mixtral-8x7B")]
    [InlineData("someone/Tiny-A3B")]
    [InlineData("someone/Distill-70B")]
    [InlineData("someone/E4B")]
    public void A_name_says_nothing(string id)
    {
        var named = Read(Qwen3Moe, id);

        Assert.Equal(30_532_122_624, named.Parameters.Total.Low);
        Assert.Equal(Read(Qwen3Moe).Weights, named.Weights);
    }

    [Fact]
    public void A_tied_output_layer_is_counted_once_though_the_file_holds_it_and_the_index_counts_it()
    {
        var tied = Read("""{"model_type":"llama","num_hidden_layers":1,"hidden_size":64,"num_attention_heads":4,"vocab_size":1000,"intermediate_size":128,"tie_word_embeddings":true}""");
        var tally = new TensorTally(tied);
        tally.Add([new("model.embed_tokens.weight", "BF16", 64_000, 128_000), new("lm_head.weight", "BF16", 64_000, 128_000), new("model.norm.weight", "BF16", 64, 128)]);

        var profile = tally.Finish(256_128);
        Assert.Equal((64_064, 128_128), (profile.Parameters.Total.High, profile.Weights.Bytes.High));

        // medgemma-27b's index: total_parameters counts the head twice; total_size is right.
        var index = WeightIndex.Parse("""{"metadata":{"total_parameters":28842036848,"total_size":54864813280},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}"""u8);
        Assert.Equal(54_864_813_280, index!.TotalBytes);
    }

    [Fact]
    public void Copies_in_other_folders_and_formats_are_left_out()
    {
        var files = WeightFiles.Choose([
            "config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json",
            "original/model.safetensors", "metal/model.bin", "consolidated.safetensors", "pytorch_model.bin", "consolidated.00.pth", "onnx/model.onnx", "training_args.bin"]);

        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], files.Files);
        Assert.Equal(["consolidated.00.pth", "consolidated.safetensors", "metal/model.bin", "original/model.safetensors", "pytorch_model.bin"], files.LeftOut);
    }

    [Fact]
    public void Eight_bit_weights_do_not_make_an_eight_bit_cache()
    {
        var quantised = Read(Qwen3Moe.Replace("\"torch_dtype\"", "\"quantization_config\":{\"quant_method\":\"fp8\",\"weight_block_size\":[128,128]},\"torch_dtype\"", StringComparison.Ordinal));

        Assert.Equal(98_304, CacheMath.BytesPerToken(quantised.Attention, new Workload(1).Cache));
        Assert.Null(quantised.Weights.Quantization.KvCacheScheme);
        Assert.InRange(quantised.Weights.Bytes.High / Cards.Gib, 28, 30);
    }

    [Fact]
    public void All_experts_are_resident_and_few_are_read()
    {
        var profile = Read(Qwen3Moe);
        var one = WeightReads.BytesPerStep(profile, 1);

        Assert.InRange(profile.Weights.Bytes.High / Cards.Gib, 56.8, 56.9);
        // 3.35 billion active weights, of which the embedding gives one row.
        Assert.InRange(one, 5.9e9, 6.3e9);
        Assert.InRange(WeightReads.BytesPerStep(profile, 64) / one, 8, 10);
        Assert.InRange(WeightReads.BytesPerStep(profile, 100_000), one, profile.Weights.Bytes.High);
        Assert.Equal(1 - Math.Pow(1 - (8.0 / 128), 64), WeightReads.TouchedShare(profile.Experts, 64), 12);
    }

    [Fact]
    public void Draft_layers_and_towers_stand_apart()
    {
        var deepseek = FitCases.Of("deepseek-ai/DeepSeek-R1-0528");
        var profile = ((ConfigResult.Read)ConfigReader.Read(deepseek.Id, deepseek.Config())).Profile;

        Assert.Equal(671_026_419_200, profile.Parameters.Total.High);
        Assert.InRange(profile.Weights.DraftBytes / Cards.Gib, 13, 16);

        var tally = new TensorTally(Read("""{"model_type":"llama","num_hidden_layers":2,"hidden_size":64,"num_attention_heads":4,"vocab_size":1000,"tie_word_embeddings":false}"""));
        tally.Add([
            new("model.layers.1.self_attn.q_proj.weight", "BF16", 4096, 8192), new("model.layers.2.self_attn.q_proj.weight", "BF16", 4096, 8192),
            new("mtp.fc.weight", "BF16", 10, 20), new("vision_tower.encoder.layers.26.weight", "BF16", 100, 200)]);
        var weights = tally.Finish(16_612).Weights;
        Assert.Equal((8392, 8212, 200), (weights.Bytes.High, weights.DraftBytes, weights.EncoderBytes));
    }

    [Fact]
    public void More_devices_than_heads_repeat_the_cache_and_a_latent_cache_is_always_repeated()
    {
        var grouped = Read("""{"model_type":"llama","num_hidden_layers":10,"hidden_size":1024,"num_attention_heads":16,"num_key_value_heads":2,"head_dim":64,"vocab_size":1000,"intermediate_size":10,"tie_word_embeddings":false}""");
        Assert.Equal([5120, 2560, 2560, 2560], new[] { 1, 2, 4, 8 }.Select(t => PerToken(grouped, t)));

        var latent = Read("""{"model_type":"deepseek_v3","num_hidden_layers":61,"hidden_size":7168,"num_attention_heads":128,"kv_lora_rank":512,"qk_rope_head_dim":64,"vocab_size":1000,"intermediate_size":10}""");
        Assert.Equal([70_272, 70_272, 70_272], new[] { 1, 8, 16 }.Select(t => PerToken(latent, t)));

        static long PerToken(ModelProfile profile, int tensor) =>
            MemoryEstimator.Estimate(profile, Cards.H100, new Layout(tensor), new Workload(1000), new EngineSettings())[MemoryPartKind.Cache] / 1000;
    }

    [Fact]
    public void The_share_is_one_of_the_whole_card()
    {
        var estimate = MemoryEstimator.Estimate(Read(Qwen3Moe), Cards.H100, Layout.Single, new Workload(1), new EngineSettings { OthersBytes = 20L << 30 });

        Assert.Equal((long)(Cards.H100.MemoryBytes * 0.92), estimate.BudgetBytes);
        // What others hold does not shrink the share, but the room that is really there.
        Assert.True(estimate.CacheRoomBytes < estimate.BudgetBytes - estimate.InsideBytes);
    }

    [Fact]
    public void A_hybrid_keeps_a_state_a_sequence_and_full_layers_alone_grow()
    {
        var nemotron = FitCases.Of("nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16");
        var profile = ((ConfigResult.Read)ConfigReader.Read(nemotron.Id, nemotron.Config())).Profile;
        var one = MemoryEstimator.Estimate(profile, Cards.H100, Layout.Single, new Workload(1000, 1), new EngineSettings());
        var four = MemoryEstimator.Estimate(profile, Cards.H100, Layout.Single, new Workload(250, 4), new EngineSettings());

        Assert.Equal(6_144_000, one[MemoryPartKind.Cache]);
        Assert.Equal((one[MemoryPartKind.Cache], 49_082_368, 4 * 49_082_368L), (four[MemoryPartKind.Cache], one[MemoryPartKind.State], four[MemoryPartKind.State]));
        Assert.Equal(53_248, nemotron.NaiveKvBytesPerToken); // what counting all layers would say
    }

    [Fact]
    public void A_window_is_a_cost_a_sequence_and_not_a_token()
    {
        var gemma = FitCases.Of("nvidia/Gemma-4-31B-IT-NVFP4");
        var profile = ((ConfigResult.Read)ConfigReader.Read(gemma.Id, gemma.Config())).Profile;
        var layers = profile.Attention;

        Assert.Equal(81_920L * 100_000 + 838_860_800, CacheMath.BytesPerSequence(layers, KvCacheType.Bits16, 100_000));
        Assert.Equal((81_920L + 819_200) * 100, CacheMath.BytesPerSequence(layers, KvCacheType.Bits16, 100));
    }

    internal static ModelProfile Read(string json, string id = "a/model") => ConfigReader.Read(id, Encoding.UTF8.GetBytes(json)) switch
    {
        ConfigResult.Read { Profile: var profile } => profile,
        ConfigResult.Unreadable { Message: var message } => throw new InvalidOperationException(message),
        _ => throw new InvalidOperationException(),
    };
}
