using CsCheck;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Speed;
using Slipway.Models.Speed.Learning;

namespace Slipway.Models.Tests.Speed;

/// <summary>What holds of every estimate, whatever the constants.</summary>
public sealed class SpeedModelTests
{
    private static readonly Accelerator s_h100 = new()
    {
        Key = "h100-sxm",
        Name = "H100 SXM5 80GB",
        Vendor = "nvidia",
        Architecture = "Hopper",
        MemoryBytes = 85_520_809_984,
        BandwidthBytesPerSecond = 3.35e12,
        Fp16FlopsPerSecond = 989e12,
        Fp8FlopsPerSecond = 1979e12,
        LinkBytesPerSecond = 900e9,
    };

    private static readonly string[] s_models = ["llama-3.1-8b", "qwen3-8b", "qwen3-30b-a3b"];

    private static readonly Gen<(string Model, Traffic Traffic, ServingEngine Engine)> s_case = Gen.Select(
        Gen.Int[0, 2].Select(static i => s_models[i]),
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[1, 4_000], Gen.Int[1, 300]).Select(static (i, o, c) => new Traffic(i, o, c)),
        Gen.Int[0, 2].Select(static i => (ServingEngine)i));

    [Fact]
    public void The_parts_of_a_gap_add_up_and_bands_hold_their_middle() => s_case.Sample(static c =>
    {
        var estimate = Estimate(c.Model, s_h100, c.Traffic, c.Engine)!;
        Assert.Equal(estimate.InterTokenSeconds.Middle, estimate.Parts.Sum(static p => p.Seconds), estimate.InterTokenSeconds.Middle * 1e-9);
        Assert.All(estimate.Parts, static p => Assert.True(p.Seconds >= -1e-12, $"{p}"));
        foreach (var band in (Band[])[estimate.InterTokenSeconds, estimate.FirstTokenSeconds, estimate.OutputTokensPerSecond, estimate.TokensPerUser])
            Assert.True(band.Low > 0 && band.Low < band.Middle && band.Middle < band.High && double.IsFinite(band.High), $"{band}");
        Assert.InRange(estimate.Running, 1, c.Traffic.Concurrency);
    });

    [Fact]
    public void More_bandwidth_or_arithmetic_is_never_slower() => Gen.Select(s_case, Gen.Double[1, 4], Gen.Double[1, 4]).Sample(static (c, bandwidth, arithmetic) =>
    {
        var better = s_h100 with
        {
            BandwidthBytesPerSecond = s_h100.BandwidthBytesPerSecond * bandwidth,
            Fp16FlopsPerSecond = s_h100.Fp16FlopsPerSecond * arithmetic,
            Fp8FlopsPerSecond = s_h100.Fp8FlopsPerSecond * arithmetic,
        };
        Assert.True(Estimate(c.Model, better, c.Traffic, c.Engine)!.InterTokenSeconds.Middle <= Estimate(c.Model, s_h100, c.Traffic, c.Engine)!.InterTokenSeconds.Middle * (1 + 1e-12));
    });

    [Fact]
    public void More_requests_at_once_make_each_slower() => s_case.Sample(static c =>
    {
        var one = Estimate(c.Model, s_h100, c.Traffic with { Concurrency = 1 }, c.Engine)!;
        var many = Estimate(c.Model, s_h100, c.Traffic, c.Engine)!;
        Assert.True(many.InterTokenSeconds.Middle >= one.InterTokenSeconds.Middle * (1 - 1e-12));
    });

    [Fact]
    public void The_example_of_the_documentation_is_what_the_code_says()
    {
        var gap = Estimate("llama-3.1-8b", s_h100, new(1, 1, 1), ServingEngine.Vllm)!.InterTokenSeconds.Middle;
        Assert.Equal(6.84e-3, gap, 0.01e-3);
    }

    [Fact]
    public void What_holds_no_sequence_has_no_speed() =>
        Assert.Null(Estimate("llama-3.1-8b", s_h100 with { MemoryBytes = 10L << 30 }, new(1024, 256, 1), ServingEngine.Vllm));

    [Fact]
    public void A_device_of_unknown_bandwidth_has_no_speed() =>
        Assert.Null(Estimate("llama-3.1-8b", s_h100 with { BandwidthBytesPerSecond = null }, new(1024, 256, 1), ServingEngine.Vllm));

    [Fact]
    public void Memory_bounds_what_runs_at_once() =>
        Assert.InRange(Estimate("llama-3.1-8b", s_h100, new(20_000, 1_000, 200), ServingEngine.Vllm)!.Running, 5, 30);

    [Fact]
    public void What_was_not_calibrated_says_so_and_has_a_wider_band()
    {
        var known = Estimate("llama-3.1-8b", s_h100, new(1024, 256, 8), ServingEngine.Vllm)!;
        var other = Estimate("llama-3.1-8b", s_h100 with { Vendor = "amd", Architecture = "CDNA3", Name = "MI300X" }, new(1024, 256, 8), ServingEngine.Vllm)!;
        Assert.Empty(known.Outside);
        Assert.Contains("MI300X", Assert.Single(other.Outside), StringComparison.Ordinal);
        Assert.True(other.InterTokenSeconds.High > known.InterTokenSeconds.High);
    }

    [Fact]
    public void Eight_bit_weights_are_faster_than_sixteen_bit_ones_alone()
    {
        var sixteen = SpeedModel.Estimate(ServedModels.Of("llama-3.1-8b", "bf16"), s_h100, Layout.Single, new(512, 256, 1), new())!;
        var eight = SpeedModel.Estimate(ServedModels.Of("llama-3.1-8b", "fp8"), s_h100, Layout.Single, new(512, 256, 1), new())!;
        Assert.InRange(sixteen.InterTokenSeconds.Middle / eight.InterTokenSeconds.Middle, 1.4, 2);
    }

    [Fact]
    public void What_was_measured_of_a_running_model_corrects_its_estimates_and_no_other_s()
    {
        var profile = ServedModels.Of("llama-3.1-8b", "bf16");
        var asked = new Traffic(1000, 200, 30);
        var mi300 = s_h100 with { Vendor = "amd", Architecture = "CDNA3", Name = "MI300X", Key = "mi300x" };
        var before = SpeedModel.Estimate(profile, mi300, Layout.Single, asked, new())!;
        // Twice under one load, and once under another that was disturbed.
        var learned = LearnedSpeed.None.With(Seen(8, 1.4)).With(Seen(8, 1.6)).With(Seen(64, 1.5)).With(Seen(512, 9));
        var correction = learned.Correction("org/llama", null, ServingEngine.Vllm, "mi300x", Layout.Single)!;
        Assert.Equal(1.5, correction.InterToken, 1e-9);
        Assert.Equal(400, correction.Requests);
        var after = SpeedModel.Estimate(profile, mi300, Layout.Single, asked, new(), correction: correction)!;
        Assert.Equal(1.5, after.InterTokenSeconds.Middle / before.InterTokenSeconds.Middle, 1e-9);
        Assert.Equal(after.InterTokenSeconds.Middle, after.Parts.Sum(static p => p.Seconds), 1e-9);
        Assert.Equal(1.4, after.InterTokenSeconds.High / after.InterTokenSeconds.Middle, 1e-9);
        Assert.NotEmpty(before.Outside);
        Assert.Empty(after.Outside);

        Assert.Null(learned.Correction("org/other", null, ServingEngine.Vllm, "mi300x", Layout.Single));
        Assert.Null(learned.Correction("org/llama", null, ServingEngine.Vllm, "mi300x", new Layout(2)));
        Assert.Null(learned.Correction("org/llama", null, ServingEngine.Sglang, "mi300x", Layout.Single));

        static SpeedObservation Seen(double running, double off) => new("org/llama", ServingEngine.Vllm, "mi300x")
        {
            PromptTokens = 900,
            OutputTokens = 210,
            Running = running,
            InterTokenSeconds = 0.01 * off,
            EstimatedInterTokenSeconds = 0.01,
            Requests = 100,
            Last = DateTimeOffset.UnixEpoch,
        };
    }

    [Fact]
    public void What_is_learned_stays_bounded_and_what_is_older_weighs_less()
    {
        var learned = LearnedSpeed.None;
        for (var i = 0; i < 2 * LearnedSpeed.Most; i++) learned = learned.With(Seen($"m{i}", 0.01, i));
        Assert.Equal(LearnedSpeed.Most, learned.Observations.Count);
        Assert.Empty(learned.Of("m0"));
        for (var i = 0; i < 60; i++) learned = learned.With(Seen("a", 0.01, 5000 + i));
        for (var i = 60; i < 120; i++) learned = learned.With(Seen("a", 0.02, 5000 + i));
        Assert.InRange(Assert.Single(learned.Of("a")).InterTokenSeconds, 0.019, 0.02);

        static SpeedObservation Seen(string model, double seconds, int minute) => new(model, ServingEngine.Vllm, "h100")
        {
            PromptTokens = 100,
            OutputTokens = 100,
            Running = 1,
            InterTokenSeconds = seconds,
            Requests = 100,
            Last = DateTimeOffset.UnixEpoch.AddMinutes(minute),
        };
    }

    private static SpeedEstimate? Estimate(string model, Accelerator accelerator, Traffic traffic, ServingEngine engine) =>
        SpeedModel.Estimate(ServedModels.Of(model, "bf16"), accelerator, Layout.Single, traffic, new EngineSettings { Engine = engine });
}
