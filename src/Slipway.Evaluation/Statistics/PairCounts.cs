using System.Runtime.InteropServices;

namespace Slipway.Evaluation.Statistics;

/// <summary>What came of pairs: the same prompt to the model as it is and to the candidate, each answer right or wrong.</summary>
/// <param name="Better">Prompts that only the candidate got right.</param>
/// <param name="Same">Prompts that both got right, or both wrong.</param>
/// <param name="Worse">Prompts that only the model as it is got right.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PairCounts(long Better, long Same, long Worse)
{
    /// <summary>All pairs.</summary>
    public long Total => Better + Same + Worse;

    /// <summary>How much more of the prompts the candidate gets right; 0 before there are any.</summary>
    public double Difference => Total == 0 ? 0 : (Better - Worse) / (double)Total;

    /// <summary>The share of pairs that differ; the fewer, the fewer prompts a test takes.</summary>
    public double Discordance => Total == 0 ? 0 : (Better + Worse) / (double)Total;

    /// <summary>With a pair more.</summary>
    /// <param name="baseline">Whether the model as it is got it right.</param>
    /// <param name="candidate">Whether the candidate did.</param>
    public PairCounts With(bool baseline, bool candidate) =>
        baseline == candidate ? this with { Same = Same + 1 } : candidate ? this with { Better = Better + 1 } : this with { Worse = Worse + 1 };
}
