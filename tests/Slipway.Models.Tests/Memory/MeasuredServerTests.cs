using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Models.Tests.Memory;

/// <summary>The estimate beside what vLLM logged, and beside other tools' formulas.</summary>
public sealed class MeasuredServerTests(ITestOutputHelper output)
{
    private static readonly EngineSettings s_vllm = new();

    [Fact]
    public void Memory_without_cache_is_within_half_a_gibibyte_on_average_and_never_more_than_that_under()
    {
        var errors = MeasuredServer.All.Select(m => (Row: m, Error: m.Estimated - m.NonCache)).ToList();
        foreach (var (row, error) in errors) output.WriteLine($"{row,-55} measured {row.NonCache,6:0.00}  estimate {row.Estimated,6:0.00}  error {error,6:+0.00;-0.00}");

        Assert.InRange(errors.Average(static e => Math.Abs(e.Error)), 0, 0.5);
        Assert.All(errors, static e => Assert.True(e.Error >= -0.5, $"{e.Row} is {-e.Error:0.00} GiB under"));
    }

    [Fact]
    public void Weights_on_a_device_are_within_one_per_cent_of_what_was_loaded() => Assert.All(
        MeasuredServer.All, static m => Assert.InRange(Estimate(m)[MemoryPartKind.Weights] / Cards.Gib / m.Weights, 0.99, 1.01));

    [Fact]
    public void Every_other_formula_errs_by_more()
    {
        var ours = MeasuredServer.All.Average(m => Math.Abs(m.Estimated - m.NonCache));
        output.WriteLine($"{"this estimate",-45} mean {ours:0.00} GiB");
        foreach (var (name, formula) in PeerFormulas.All)
        {
            var errors = MeasuredServer.All.Select(m => formula(m) - m.NonCache).ToList();
            output.WriteLine($"{name,-45} mean {errors.Average(Math.Abs):0.00} GiB, most {errors.Max(Math.Abs):0.0}, under {errors.Count(static e => e < 0)} of {errors.Count}");
            Assert.True(errors.Average(Math.Abs) > 2 * ours, name);
        }
    }

    [Fact]
    public void What_had_no_room_for_cache_does_not_fit()
    {
        var full = MeasuredServer.All.Single(static m => m.CacheRoom < 0);

        var fit = FitCheck.Check(full.Profile(), Cards.H100, Layout.Single, new Workload(2048), s_vllm with { Share = full.Share });

        Assert.Equal(FitVerdict.DoesNotFit, fit.Verdict);
        Assert.Contains(fit.Options, static o => o is { Kind: FitOptionKind.Devices, Value: 2 });
    }

    [Fact]
    public void The_room_for_cache_is_what_was_logged()
    {
        foreach (var m in MeasuredServer.All) output.WriteLine($"{m,-55} logged {m.CacheRoom,6:0.00}  estimate {Estimate(m).CacheRoomBytes / Cards.Gib,6:0.00}");
        Assert.All(MeasuredServer.All, static m => Assert.InRange((Estimate(m).CacheRoomBytes / Cards.Gib) - m.CacheRoom, -3, 0.5));
    }

    [Fact]
    public void Bytes_a_token_are_those_that_follow_from_the_log()
    {
        // 28.20 GiB held 184,832 tokens; the second decimal leaves 30 bytes open.
        var mistral = MeasuredServer.All.Single(static m => m.Id.StartsWith("mistralai", StringComparison.Ordinal)).Profile();

        Assert.Equal(28.20 * Cards.Gib / 184_832, CacheMath.BytesPerToken(mistral.Attention, KvCacheType.Bits16), 30.0);
    }

    private static MemoryEstimate Estimate(MeasuredServer m) =>
        MemoryEstimator.Estimate(m.Profile(), Cards.H100, new Layout(m.Tensor), new Workload(2048), s_vllm with { Share = m.Share });
}
