using CsCheck;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Tests.Profiles;

namespace Slipway.Models.Tests.Memory;

public sealed class FitTests
{
    private static readonly ModelProfile s_llama = LocalModels.Find("meta-llama/Llama-3.1-8B-Instruct")!;
    private static readonly ModelProfile s_large = LocalModels.Find("meta-llama/Llama-3.3-70B-Instruct")!;
    private static readonly EngineSettings s_vllm = new();

    public static TheoryData<ServingEngine> Engines => [ServingEngine.Vllm, ServingEngine.Sglang, ServingEngine.TensorRtLlm, ServingEngine.LlamaCpp];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Parts_add_up_and_each_says_why(ServingEngine engine)
    {
        var estimate = MemoryEstimator.Estimate(s_llama, Cards.H100, Layout.Single, new Workload(8192, 4), new EngineSettings { Engine = engine });

        Assert.Equal(estimate.TotalBytes, estimate.Parts.Sum(static p => p.Bytes));
        Assert.Equal(estimate.TotalBytes, estimate.InsideBytes + estimate.OutsideBytes);
        Assert.All(estimate.Parts, static p => Assert.True(p.Bytes > 0 && p.Why.Length > 0, $"{p.Kind}"));
        Assert.Equal(4L * 8192 * 131_072, estimate[MemoryPartKind.Cache]);
        Assert.InRange(estimate.ReservedBytes, 1, Cards.H100.MemoryBytes);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_largest_context_fits_and_one_token_more_does_not(ServingEngine engine)
    {
        var settings = new EngineSettings { Engine = engine };
        var asked = new Workload(1024, 6);
        var context = FitCheck.Check(s_llama, Cards.H100, Layout.Single, asked, settings).LargestContext;

        Assert.InRange(context, 20_000, 131_071);
        Assert.True(Holds(asked with { ContextTokens = context }));
        Assert.False(Holds(asked with { ContextTokens = context + 1 }));

        bool Holds(Workload workload) => FitCheck.Check(s_llama, Cards.H100, Layout.Single, workload, settings).Verdict is FitVerdict.Fits or FitVerdict.Tight;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_largest_concurrency_fits_and_one_more_does_not(ServingEngine engine)
    {
        var settings = new EngineSettings { Engine = engine };
        var asked = new Workload(8192, 1);
        var most = FitCheck.Check(s_llama, Cards.H100, Layout.Single, asked, settings).LargestConcurrency;

        Assert.InRange(most, 30, 70);
        Assert.NotEqual(FitVerdict.DoesNotFit, Check(most).Verdict);
        Assert.Equal(FitVerdict.DoesNotFit, Check(most + 1).Verdict);

        Fit Check(long n) => FitCheck.Check(s_llama, Cards.H100, Layout.Single, asked with { Concurrency = (int)n }, settings);
    }

    [Fact]
    public void More_is_never_needed_for_less() => Gen.Select(Gen.Long[1, 100_000], Gen.Int[1, 64], Gen.Int[0, 3]).Sample(
        static (tokens, sequences, engine) =>
        {
            var settings = new EngineSettings { Engine = (ServingEngine)engine };
            var less = Total(s_llama, new Workload(tokens, sequences), settings, 1);
            return less <= Total(s_llama, new Workload(tokens + 1, sequences), settings, 1)
                && less <= Total(s_llama, new Workload(tokens, sequences + 1), settings, 1)
                && Total(s_large, new Workload(tokens, sequences), settings, 4) >= Total(s_large, new Workload(tokens, sequences), settings, 8);
        },
        iter: 300);

    [Theory]
    [InlineData(3, "does not divide the model's 32 attention heads; use 2 or 4")]
    [InlineData(5, "use 4 or 8")]
    [InlineData(64, "does not divide")]
    public void Devices_that_do_not_divide_the_heads_are_refused(int tensor, string part)
    {
        var fit = FitCheck.Check(s_llama, Cards.H100, new Layout(tensor), new Workload(1024), s_vllm);

        Assert.Equal((FitVerdict.Refused, null), (fit.Verdict, fit.Estimate));
        Assert.Contains(part, fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_FP8_block_is_not_cut_but_experts_may_be_dealt_out()
    {
        var row = FitCases.Of("Qwen/Qwen3-235B-A22B-FP8");
        var profile = TrapTests.Read(System.Text.Encoding.UTF8.GetString(row.Config()));

        Assert.Contains("FP8 blocks", LayoutRules.Refusal(profile, new Layout(8), ServingEngine.Vllm), StringComparison.Ordinal);
        Assert.Null(LayoutRules.Refusal(profile, new Layout(4), ServingEngine.Vllm));
        Assert.Null(LayoutRules.Refusal(profile, new Layout(8, Experts: true), ServingEngine.Vllm));
    }

    [Fact]
    public void More_context_than_the_model_takes_is_refused() =>
        Assert.Contains("takes 131072", FitCheck.Check(s_llama, Cards.H100, Layout.Single, new Workload(131_073), s_vllm).Reason, StringComparison.Ordinal);

    [Fact]
    public void What_would_make_it_fit_does_make_it_fit()
    {
        var asked = new Workload(32_768, 8);
        var fit = FitCheck.Check(s_large, Cards.H100, new Layout(2), asked, s_vllm);

        Assert.Equal(FitVerdict.DoesNotFit, fit.Verdict);
        var devices = fit.Options.Single(static o => o.Kind == FitOptionKind.Devices).Value;
        Assert.Equal(FitVerdict.Fits, FitCheck.Check(s_large, Cards.H100, new Layout((int)devices), asked, s_vllm).Verdict);
        Assert.Contains(fit.Options, static o => o.Kind == FitOptionKind.Weights);
    }

    [Fact]
    public void Fewer_bits_of_cache_are_offered_when_they_suffice()
    {
        var asked = new Workload(8192, 70);
        var fit = FitCheck.Check(s_llama, Cards.H100, Layout.Single, asked, s_vllm);

        Assert.Equal(FitVerdict.DoesNotFit, fit.Verdict);
        Assert.Contains(fit.Options, static o => o is { Kind: FitOptionKind.CacheType, Value: 8 });
        Assert.Contains(fit.Options, o => o.Kind == FitOptionKind.Concurrency && o.Value == fit.LargestConcurrency);
        Assert.NotEqual(FitVerdict.DoesNotFit, FitCheck.Check(s_llama, Cards.H100, Layout.Single, asked with { Cache = KvCacheType.Fp8 }, s_vllm).Verdict);
    }

    [Fact]
    public void Graphs_and_other_processes_take_room()
    {
        var plain = Room(s_vllm with { Share = 1 });

        Assert.True(Room(s_vllm with { Share = 1, Graphs = false }) > plain);
        Assert.Equal(plain - (5L << 30), Room(s_vllm with { Share = 1, OthersBytes = 5L << 30 }));

        static long Room(EngineSettings settings) => MemoryEstimator.Estimate(s_llama, Cards.H100, Layout.Single, new Workload(1), settings).CacheRoomBytes;
    }

    private static long Total(ModelProfile profile, Workload workload, EngineSettings settings, int tensor) =>
        MemoryEstimator.Estimate(profile, Cards.H100, new Layout(tensor), workload, settings).TotalBytes;
}
