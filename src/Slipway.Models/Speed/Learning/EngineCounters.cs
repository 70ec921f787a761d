using System.Runtime.InteropServices;

namespace Slipway.Models.Speed.Learning;

/// <summary>What a replica has counted since it began: sums, so that the difference of two looks is what happened between them.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EngineCounters
{
    /// <summary>Requests that were answered.</summary>
    public double Requests { get; init; }

    /// <summary>Their durations, summed, seconds.</summary>
    public double RequestSeconds { get; init; }

    /// <summary>Tokens of their prompts.</summary>
    public double PromptTokens { get; init; }

    /// <summary>Tokens of their answers.</summary>
    public double OutputTokens { get; init; }

    /// <summary>Answers whose first token was timed.</summary>
    public double FirstTokens { get; init; }

    /// <summary>Seconds to those first tokens, summed.</summary>
    public double FirstTokenSeconds { get; init; }

    /// <summary>Gaps between tokens that were timed.</summary>
    public double Gaps { get; init; }

    /// <summary>Those gaps, summed, seconds.</summary>
    public double GapSeconds { get; init; }

    /// <summary>What was counted since an earlier look.</summary>
    /// <returns>The difference; null when a counter went back, since the replica began anew.</returns>
    public EngineCounters? Since(EngineCounters before)
    {
        var between = Combine(before, static (now, then) => now - then);
        return between.Requests < 0 || between.RequestSeconds < 0 || between.PromptTokens < 0 || between.OutputTokens < 0 || between.FirstTokens < 0 || between.FirstTokenSeconds < 0 || between.Gaps < 0 || between.GapSeconds < 0
            ? null : between;
    }

    /// <summary>Both together, as of two replicas.</summary>
    public EngineCounters Plus(EngineCounters other) => Combine(other, static (a, b) => a + b);

    private EngineCounters Combine(EngineCounters other, Func<double, double, double> of) => new()
    {
        Requests = of(Requests, other.Requests),
        RequestSeconds = of(RequestSeconds, other.RequestSeconds),
        PromptTokens = of(PromptTokens, other.PromptTokens),
        OutputTokens = of(OutputTokens, other.OutputTokens),
        FirstTokens = of(FirstTokens, other.FirstTokens),
        FirstTokenSeconds = of(FirstTokenSeconds, other.FirstTokenSeconds),
        Gaps = of(Gaps, other.Gaps),
        GapSeconds = of(GapSeconds, other.GapSeconds),
    };
}
