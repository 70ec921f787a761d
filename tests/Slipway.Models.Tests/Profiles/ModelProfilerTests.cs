using System.Text;
using Slipway.Models.Gguf;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Models.Tests.Store;
using Slipway.Testing.Gguf;
using Slipway.Testing.Hub;
using Files = Slipway.Testing.Safetensors;

namespace Slipway.Models.Tests.Profiles;

public sealed class ModelProfilerTests
{
    private const string Id = "org/small";
    private const string Config = """{"architectures":["LlamaForCausalLM"],"model_type":"llama","num_hidden_layers":2,"hidden_size":64,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":100,"intermediate_size":128,"max_position_embeddings":2048,"torch_dtype":"bfloat16","tie_word_embeddings":false,"auto_map":{"AutoModel":"x.Y"}}""";

    private static readonly byte[] s_first = Files.File(("model.embed_tokens.weight", "BF16", [100, 64]), ("model.layers.0.mlp.up_proj.weight", "BF16", [128, 64]));
    private static readonly byte[] s_second = Files.File(("lm_head.weight", "BF16", [100, 64]), ("model.layers.1.mlp.up_proj.weight", "F8_E4M3", [128, 64]));

    [Fact]
    public async Task A_model_on_the_hub_is_known_without_its_weights()
    {
        await using var fixture = await HubFixture.StartAsync();
        var repo = Fill(fixture.Hub);
        // A megabyte of data behind the header: it must not travel.
        repo.With("model-00002-of-00002.safetensors", Files.File(("lm_head.weight", "BF16", [8192, 64]), ("model.layers.1.mlp.up_proj.weight", "F8_E4M3", [128, 64])));

        var profile = await ReadAsync(fixture, new ModelRequest(Id));

        Assert.Equal((100 * 64) + (2 * 128 * 64) + (8192 * 64), profile.Parameters.Total.High);
        Assert.Equal((12_800 + 16_384 + 1_048_576 + 8_192, WeightSource.SafetensorsHeaders), (profile.Weights.Bytes.High, profile.Weights.Source));
        Assert.Equal((12_800, 1_048_576), (profile.Weights.EmbeddingBytes, profile.Weights.OutputLayerBytes));
        Assert.Equal([new("BF16", 6400 + 8192 + 524_288, 1_077_760), new("F8_E4M3", 8192, 8192)], profile.Weights.Types);
        Assert.Equal((true, true, true, 512L), (profile.Serving.HasChatTemplate, profile.Serving.CallsTools, profile.Serving.RemoteCode, profile.Serving.SuggestedOutputTokens));
        Assert.Equal((repo.Commit, "apache-2.0"), (profile.Identity.Revision, profile.Serving.Licence));
        Assert.Contains(profile.Notes, static n => n.Kind == ProfileNoteKind.DuplicatesLeftOut && n.Message.Contains("original/", StringComparison.Ordinal));
        var cdn = fixture.Hub.Calls.Where(static c => c.Door == HubDoor.Cdn).ToList();
        Assert.All(cdn, static c => Assert.StartsWith("bytes=0-", c.Range, StringComparison.Ordinal));
        Assert.Equal(2, cdn.Count);
        Assert.False(fixture.Hub.TokenLeaked);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_read_no_further_than_needed()
    {
        await using var fixture = await HubFixture.StartAsync();
        Fill(fixture.Hub);
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.NoRanges(), 10);

        Assert.Equal(29_184, (await ReadAsync(fixture, new ModelRequest(Id))).Parameters.Total.High);
    }

    [Fact]
    public async Task A_local_folder_gives_the_same_as_the_hub()
    {
        await using var fixture = await HubFixture.StartAsync();
        var repo = Fill(fixture.Hub);
        var remote = await ReadAsync(fixture, new ModelRequest(Id));
        foreach (var (path, file) in repo.Files)
        {
            var target = Path.Combine(fixture.LocalRoot, Id, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, file.Content, TestContext.Current.CancellationToken);
        }

        var before = fixture.Hub.Calls.Count;
        var local = await ReadAsync(fixture, new ModelRequest(Id));

        Assert.Equal(before, fixture.Hub.Calls.Count);
        Assert.Equal((remote.Parameters, remote.Weights.Bytes, remote.Shape), (local.Parameters, local.Weights.Bytes, local.Shape));
        Assert.Equal((null, "apache-2.0"), (local.Identity.Revision, local.Serving.Licence));
    }

    [Fact]
    public async Task A_GGUF_file_tells_everything_itself()
    {
        await using var fixture = await HubFixture.StartAsync();
        var content = RandomModel.Bytes();
        fixture.Hub.Add(Id).With("model-Q4_K_M.gguf", content).With("README.md", "# small"u8.ToArray(), lfs: false);

        var profile = await ReadAsync(fixture, new ModelRequest(Id));

        Assert.Equal((2, 32, 260, "llama"), (profile.Shape.Layers, profile.Shape.HiddenSize, profile.Shape.VocabularySize, profile.Identity.Architecture));
        Assert.Equal((WeightSource.GgufHeader, true, "gguf"), (profile.Weights.Source, profile.Weights.Bytes.IsExact, profile.Weights.Quantization.Method));
        Assert.Equal(2L * 2 * 32 * 2, (long)CacheMath.BytesPerToken(profile.Attention, KvCacheType.Bits16));
        Assert.Equal((profile.Parameters.Total.High * 4, 260 * 32 * 4L), (profile.Weights.Bytes.High, profile.Weights.EmbeddingBytes));
    }

    [Theory]
    [InlineData("config.json", "{\"model_type\":\"unet\"}", ModelErrorKind.Corrupt, "num_hidden_layers")]
    [InlineData("adapter_config.json", "{}", ModelErrorKind.NotFound, "adapter")]
    [InlineData("params.json", "{}", ModelErrorKind.NotFound, "Mistral")]
    [InlineData("model.gguf", "no gguf at all", ModelErrorKind.Corrupt, "GGUF")]
    public async Task What_cannot_be_read_says_what_and_what_to_do(string path, string content, ModelErrorKind kind, string part)
    {
        await using var fixture = await HubFixture.StartAsync();
        fixture.Hub.Add(Id).With(path, Encoding.UTF8.GetBytes(content), lfs: false);

        var error = await FailAsync(fixture, new ModelRequest(Id));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_shard_is_named()
    {
        await using var fixture = await HubFixture.StartAsync();
        Fill(fixture.Hub).With("model-00002-of-00002.safetensors", "version https://git-lfs.github.com/spec/v1"u8.ToArray()).With("model.safetensors.index.json", Index(null), lfs: false);

        var error = await FailAsync(fixture, new ModelRequest(Id));

        Assert.Equal(ModelErrorKind.Corrupt, error.Kind);
        Assert.Contains("model-00002-of-00002.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_damaged_shard_and_a_total_in_the_index_bytes_are_bounded()
    {
        await using var fixture = await HubFixture.StartAsync();
        Fill(fixture.Hub).With("model-00002-of-00002.safetensors", "version https://git-lfs.github.com/spec/v1"u8.ToArray());

        var profile = await ReadAsync(fixture, new ModelRequest(Id));

        Assert.Equal((WeightSource.SafetensorsIndex, 50_176), (profile.Weights.Source, profile.Weights.Bytes.High));
        Assert.Contains(profile.Notes, static n => n.Kind == ProfileNoteKind.MissingFile);
    }

    [Fact]
    public async Task Gates_limits_and_lost_hubs_are_values()
    {
        await using var fixture = await HubFixture.StartAsync();
        Fill(fixture.Hub).Token = "secret";
        fixture.Hub.Find(Id)!.Gated = true;
        Assert.Equal(ModelErrorKind.GatedOrPrivate, (await FailAsync(fixture, new ModelRequest(Id))).Kind);
        Assert.Equal(ModelErrorKind.InvalidId, (await FailAsync(fixture, new ModelRequest("../etc"))).Kind);
        Assert.Equal(ModelErrorKind.NotFound, (await FailAsync(fixture, new ModelRequest("org/none"))).Kind);
        fixture.Hub.Fail(HubDoor.Cdn, HubFailure.Drop(3), 100);
        Assert.Equal(ModelErrorKind.HubUnavailable, (await FailAsync(fixture, new ModelRequest(Id) { Token = "secret" })).Kind);
    }

    [Fact]
    public void A_GGUF_header_is_read_from_a_growing_prefix()
    {
        var content = RandomModel.Bytes();
        var lengths = new List<int>();
        for (var length = 64; ; length *= 2)
        {
            lengths.Add(length);
            if (GgufReader.ReadPrefix(content[..Math.Min(length, content.Length)], content.Length) is not { } result) continue;
            using var whole = new MemoryStream(content);
            Assert.Equal(Assert.IsType<GgufResult.Sound>(GgufReader.Read(whole)).Summary.ParameterCount, Assert.IsType<GgufResult.Sound>(result).Summary.ParameterCount);
            break;
        }

        Assert.InRange(lengths.Count, 3, 12);
        Assert.True(lengths[^1] < content.Length, "the data was not needed");
    }

    private static FakeRepo Fill(FakeHub hub)
    {
        var repo = hub.Add(Id);
        repo.With("config.json", Encoding.UTF8.GetBytes(Config), lfs: false)
            .With("model-00001-of-00002.safetensors", s_first).With("model-00002-of-00002.safetensors", s_second)
            .With("model.safetensors.index.json", Index(50_176), lfs: false)
            .With("original/model.safetensors", s_first).With("pytorch_model.bin", new byte[64])
            .With("tokenizer_config.json", """{"chat_template":"{% if tools %}{{ tools }}{% endif %}"}"""u8.ToArray(), lfs: false)
            .With("generation_config.json", """{"max_new_tokens":512}"""u8.ToArray(), lfs: false)
            .With("README.md", "---\nlicense: apache-2.0\n---\n# small"u8.ToArray(), lfs: false);
        return repo;
    }

    private static byte[] Index(long? total) => Encoding.UTF8.GetBytes(
        $$"""{"metadata":{ {{(total is null ? "" : $"\"total_size\":{total}")}} },"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"} }""");

    private static async Task<ModelProfile> ReadAsync(HubFixture fixture, ModelRequest request)
    {
        using var profiler = new ModelProfiler(fixture.Options());
        return await profiler.ProfileAsync(request, TestContext.Current.CancellationToken) switch
        {
            ProfileResult.Read { Profile: var profile } => profile,
            ProfileResult.Failed { Error: var error } => throw new InvalidOperationException($"{error.Kind}: {error.Message}"),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<ModelError> FailAsync(HubFixture fixture, ModelRequest request)
    {
        using var profiler = new ModelProfiler(fixture.Options());
        return Assert.IsType<ProfileResult.Failed>(await profiler.ProfileAsync(request, TestContext.Current.CancellationToken)).Error;
    }
}
