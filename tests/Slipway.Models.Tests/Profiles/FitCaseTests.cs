using Slipway.Models.Profiles;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Tests.Profiles;

/// <summary>Every row of fit-cases.csv, read through the reader of config.json.</summary>
public sealed class FitCaseTests
{
    /// <summary>Rows whose own figure is doubtful, and why it is not compared.</summary>
    private static readonly Dictionary<string, string> s_doubtfulWeights = new(StringComparer.Ordinal)
    {
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
        if (s_doubtfulWeights.ContainsKey(id)) return;
        var row = FitCases.Of(id);
        var truth = row.WeightBytes ?? row.WeightGib!.Value * (1L << 30);

        // The files of some models hold a draft layer, too, which is not resident.
        var weights = Read(id).Weights;
        Assert.InRange((weights.Bytes.Middle + weights.DraftBytes) / truth, 0.99, 1.01);
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
