using Slipway.Models.Gguf;
using Slipway.Models.Profiles;
using Slipway.Testing.Gguf;

namespace Slipway.Models.Tests.Profiles;

public sealed class GgufProfilesTests
{
    [Fact]
    public void Windows_follow_the_pattern()
    {
        var layers = Read(Header("gemma3", 12).Number("gemma3.attention.sliding_window", 512)).Attention.Layers;

        Assert.Equal("SSSSSFSSSSSF", string.Concat(layers.Select(static l => l is LayerMemory.Sliding ? 'S' : 'F')));
    }

    [Fact]
    public void A_listed_pattern_wins()
    {
        var layers = Read(Header("gpt-oss", 4).Number("gpt-oss.attention.sliding_window", 128).Numbers("gpt-oss.attention.sliding_window_pattern", [0, 1, 1, 0])).Attention.Layers;

        Assert.Equal("FSSF", string.Concat(layers.Select(static l => l is LayerMemory.Sliding ? 'S' : 'F')));
    }

    [Fact]
    public void Layers_without_heads_have_a_state()
    {
        var attention = Read(Header("nemotron_h", 3, kvHeads: false).Numbers("nemotron_h.attention.head_count_kv", [0, 2, 0])
            .Number("nemotron_h.ssm.inner_size", 64).Number("nemotron_h.ssm.state_size", 16).Number("nemotron_h.ssm.group_count", 2).Number("nemotron_h.ssm.conv_kernel", 4)).Attention;

        Assert.Equal(2 * 2 * 16 * 2, CacheMath.BytesPerToken(attention, KvCacheType.Bits16));
        // (64 x 16 + (64 + 2 x 2 x 16) x 3) x 4 bytes, in two layers.
        Assert.Equal(2 * 4 * (1024 + 384), attention.Layers.Sum(static l => l.StateBytesAt32));
    }

    [Fact]
    public void A_latent_cache_is_one_vector()
    {
        var attention = Read(Header("deepseek2", 2).Number("deepseek2.attention.kv_lora_rank", 512).Number("deepseek2.rope.dimension_count", 64)).Attention;

        Assert.Equal(2 * 576 * 2, CacheMath.BytesPerToken(attention, KvCacheType.Bits16));
    }

    [Fact]
    public void Experts_and_their_share_are_read()
    {
        var profile = Read(Header("qwen3moe", 2).Number("qwen3moe.expert_count", 8).Number("qwen3moe.expert_used_count", 2)
            .Tensor("blk.0.ffn_up_exps.weight", new float[512], 8, 8, 8).Tensor("output.weight", new float[64], 8, 8).Tensor("token_embd.weight", new float[64], 8, 8));

        Assert.Equal((8, 2, 2), (profile.Experts!.Total, profile.Experts.ActivePerToken, profile.Experts.Layers));
        Assert.Equal((640L, 256L), (profile.Parameters.Total.High, profile.Parameters.Active.High));
        Assert.Equal((2048L, 256L, false), (profile.Weights.RoutedExpertBytes, profile.Weights.OutputLayerBytes, profile.Shape.TiedEmbeddings));
    }

    [Fact]
    public void A_forecast_is_what_llama_cpp_publishes()
    {
        // Meta-Llama-3.1-8B in llama.cpp's table: 4.58 GiB as Q4_K_M, 7.95 as Q8_0, 14.96 as F16.
        var llama = Memory.LocalModels.Find("meta-llama/Meta-Llama-3.1-8B")!;

        Assert.All(new[] { ("Q4_K_M", 4.58), ("q8_0", 7.95), ("F16", 14.96), ("Q6_K", 6.14), ("Q2_K", 2.95) }, f =>
            Assert.InRange(GgufForecast.Of(llama, f.Item1)!.Weights.Bytes.Middle / Memory.Cards.Gib / f.Item2, 0.99, 1.01));
        Assert.Null(GgufForecast.Of(llama, "Q9_X"));
    }

    [Fact]
    public void A_header_without_layers_is_no_language_model() =>
        Assert.Null(GgufProfiles.Of("a/model", Summary(new GgufWriter().Text("general.architecture", "clip")), 1));

    private static GgufWriter Header(string architecture, uint layers, bool kvHeads = true)
    {
        var writer = new GgufWriter().Text("general.architecture", architecture).Number($"{architecture}.block_count", layers).Number($"{architecture}.embedding_length", 64)
            .Number($"{architecture}.attention.head_count", 4).Number($"{architecture}.context_length", 4096);
        return kvHeads ? writer.Number($"{architecture}.attention.head_count_kv", 2) : writer;
    }

    private static ModelProfile Read(GgufWriter writer) => GgufProfiles.Of("a/model", Summary(writer), 1 << 20)!;

    private static GgufSummary Summary(GgufWriter writer)
    {
        using var stream = new MemoryStream(writer.ToArray());
        return Assert.IsType<GgufResult.Sound>(GgufReader.Read(stream)).Summary;
    }
}
