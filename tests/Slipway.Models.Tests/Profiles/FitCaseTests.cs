using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Tests.Profiles;

/// <summary>Every row of fit-cases.csv, read through the reader of config.json.</summary>
public sealed class FitCaseTests
{
    private const string NoWidths = "a catalogue row without vocabulary or inner width, so that nothing can be computed from it";
    private const string NoLayers = "the row has no number of layers";

    /// <summary>Rows with a weight on disk that is not compared, and why.</summary>
    private static readonly Dictionary<string, string> s_notCompared = new(StringComparer.Ordinal)
    {
        ["Qwen/Qwen3.5-122B-A10B-GPTQ-Int4"] = NoWidths,
        ["Qwen/Qwen3.5-4B"] = NoWidths,
        ["Qwen/Qwen3.5-9B"] = NoWidths,
        ["Qwen/Qwen3.6-35B-A3B"] = NoWidths,
        ["Qwen/Qwen3.6-35B-A3B-FP8"] = NoWidths,
        ["deepseek-ai/DeepSeek-V4-Flash-0731"] = NoWidths,
        ["google/gemma-3-4b-it"] = NoWidths,
        ["google/gemma-4-E2B-it"] = NoWidths,
        ["mistralai/Ministral-3-3B-Instruct-2512"] = NoWidths,
        ["mistralai/Mistral-Large-3-675B-Instruct-2512"] = NoWidths,
        ["mistralai/Mistral-Small-4-119B-2603"] = NoWidths,
        ["moonshotai/Kimi-K2.7-Code"] = NoWidths,
        ["nvidia/NVIDIA-Nemotron-3-Nano-4B-BF16"] = NoWidths,
        ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16"] = NoWidths,
        ["nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4"] = NoLayers,
        ["nvidia/Nemotron-Cascade-2-30B-A3B"] = NoWidths,
    };

    public static TheoryData<string> WithKv => [.. FitCases.All.Where(static c => c.KvBytesPerToken is not null).Select(static c => c.Id)];

    public static TheoryData<string> WithParameters => [.. FitCases.All.Where(static c => c.Parameters is not null).Select(static c => c.Id)];

    public static TheoryData<string> WithWeights => [.. FitCases.All.Where(static c => c is { WeightGib: not null, Layers: not null } && Read(c.Id).Shape is { VocabularySize: not null, IntermediateSize: not null }).Select(static c => c.Id)];

    [Theory]
    [MemberData(nameof(WithKv))]
    public void Cache_bytes_a_token_are_exact(string id)
    {
        var attention = Read(id).Attention;
        var indexers = attention.Layers.Sum(static l => CacheMath.IndexBytesPerToken(l));

        // The rows leave the sparse-attention indexer out, and say so.
        Assert.Equal(FitCases.Of(id).KvBytesPerToken!.Value, CacheMath.BytesPerToken(attention, KvCacheType.Bits16) - indexers);
    }

    [Theory]
    [MemberData(nameof(WithKv))]
    public void Window_and_state_bytes_a_sequence_are_exact(string id)
    {
        var attention = Read(id).Attention;
        if (FitCases.Of(id).WindowBytes is { } window) Assert.Equal(window, CacheMath.WindowBytesPerSequence(attention, KvCacheType.Bits16, long.MaxValue / 2));
        if (FitCases.Of(id).StateBytes is { } state) Assert.Equal(state, CacheMath.StateBytesPerSequence(attention));
    }

    [Theory]
    [MemberData(nameof(WithParameters))]
    public void Parameters_are_exact(string id)
    {
        var parameters = Read(id).Parameters;

        Assert.Equal(FitCases.Of(id).Parameters!.Value, parameters.Total.Low);
        Assert.True(parameters.Total.IsExact);
    }

    [Theory]
    [MemberData(nameof(WithWeights))]
    public void Weight_bytes_are_within_one_per_cent(string id)
    {
        var row = FitCases.Of(id);
        var truth = row.WeightBytes ?? row.WeightGib!.Value * (1L << 30);

        // The files of some models hold a draft layer, too, which is not resident.
        var weights = Read(id).Weights;
        Assert.InRange((weights.Bytes.Middle + weights.DraftBytes) / truth, 0.99, 1.01);
    }

    [Fact]
    public void Rows_that_are_not_compared_are_named_with_their_reason()
    {
        var compared = WithWeights.Select(static r => r.Data).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(s_notCompared.Keys.Order(StringComparer.Ordinal), FitCases.All.Where(c => c.WeightGib is not null && !compared.Contains(c.Id)).Select(static c => c.Id).Order(StringComparer.Ordinal));
    }

    private static ModelProfile Read(string id)
    {
        var row = FitCases.Of(id);
        return ConfigReader.Read(id, row.Config()) switch
        {
            ConfigResult.Read { Profile: var profile } => profile,
            ConfigResult.Unreadable { Message: var message } => throw new InvalidOperationException(message),
            _ => throw new InvalidOperationException(),
        };
    }
}
