namespace Slipway.Models.Speed;

/// <summary>
/// What a roofline does not know and measurements tell: how much of the data sheet's rates an engine reaches, and what its steps cost
/// besides. <c>docs/estimates.md</c> says how they were found and how far they hold.
/// </summary>
public sealed record SpeedConstants
{
    /// <summary>Share of the bandwidth reached when weights that every token needs are read.</summary>
    public required double DenseRead { get; init; }

    /// <summary>Share of the bandwidth reached when chosen experts are read.</summary>
    public required double ExpertRead { get; init; }

    /// <summary>Share of the bandwidth reached when keys and values are read.</summary>
    public required double CacheRead { get; init; }

    /// <summary>Share of the arithmetic rate reached while answering.</summary>
    public required double DecodeCompute { get; init; }

    /// <summary>Share of the arithmetic rate reached on prompts.</summary>
    public required double PromptCompute { get; init; }

    /// <summary>How much of the shorter of reading and computing is not hidden behind the longer: 0 for perfect overlap, 1 for none.</summary>
    public required double Unhidden { get; init; }

    /// <summary>Seconds that a layer costs whatever it does: launches of kernels, norms.</summary>
    public required double LayerSeconds { get; init; }

    /// <summary>Seconds that routing adds in a layer with experts.</summary>
    public required double RoutingSeconds { get; init; }

    /// <summary>Seconds of a layer's exchanges between two devices; times the binary logarithm of their number.</summary>
    public required double ExchangeSeconds { get; init; }

    /// <summary>Seconds a step for each sequence: sampling, scheduling, detokenising.</summary>
    public required double SequenceSeconds { get; init; }

    /// <summary>Seconds a step whatever is in it.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>SGLang's step as a multiple of vLLM's.</summary>
    public required double SglangStep { get; init; }

    /// <summary>TensorRT-LLM's step as a multiple of vLLM's.</summary>
    public required double TensorRtStep { get; init; }

    /// <summary>SGLang's time for prompts as a multiple of vLLM's.</summary>
    public required double SglangPrompt { get; init; }

    /// <summary>TensorRT-LLM's time for prompts as a multiple of vLLM's.</summary>
    public required double TensorRtPrompt { get; init; }

    /// <summary>
    /// What was assumed before any measurement was looked at, and what a fit is held to where measurements do not say otherwise. Shares of
    /// bandwidth as in aiconfigurator's system files (0.8) less what batching costs; of arithmetic as measured for large matrices
    /// (ml-engineering, "maximum achievable matmul": 0.5 to 0.8); a few tens of microseconds a layer as launches of kernels take.
    /// </summary>
    public static SpeedConstants Assumed { get; } = new()
    {
        DenseRead = 0.7,
        ExpertRead = 0.6,
        CacheRead = 0.6,
        DecodeCompute = 0.5,
        PromptCompute = 0.5,
        Unhidden = 0.4,
        LayerSeconds = 30e-6,
        RoutingSeconds = 30e-6,
        ExchangeSeconds = 10e-6,
        SequenceSeconds = 5e-6,
        StepSeconds = 300e-6,
        SglangStep = 1,
        TensorRtStep = 1,
        SglangPrompt = 1,
        TensorRtPrompt = 1,
    };

    /// <summary>The numbers in a fixed order, for a fit.</summary>
    internal double[] ToArray() =>
    [
        DenseRead, ExpertRead, CacheRead, DecodeCompute, PromptCompute, Unhidden, LayerSeconds, RoutingSeconds, ExchangeSeconds, SequenceSeconds, StepSeconds,
        SglangStep, TensorRtStep, SglangPrompt, TensorRtPrompt,
    ];

    /// <summary>The reverse of <see cref="ToArray"/>.</summary>
    internal static SpeedConstants FromArray(ReadOnlySpan<double> v) => new()
    {
        DenseRead = v[0],
        ExpertRead = v[1],
        CacheRead = v[2],
        DecodeCompute = v[3],
        PromptCompute = v[4],
        Unhidden = v[5],
        LayerSeconds = v[6],
        RoutingSeconds = v[7],
        ExchangeSeconds = v[8],
        SequenceSeconds = v[9],
        StepSeconds = v[10],
        SglangStep = v[11],
        TensorRtStep = v[12],
        SglangPrompt = v[13],
        TensorRtPrompt = v[14],
    };
}
