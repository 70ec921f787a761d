using System.Globalization;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Grading.Logprobs;

namespace Slipway.Operator.Rollouts.Parity;

/// <summary>Counts what a comparison shows, and holds it against its limits once all prompts are asked. Pure.</summary>
internal static class ParityJudge
{
    /// <summary>Fewer say little of a mean.</summary>
    public const int LeastTokens = 100;

    /// <summary>The status after a prompt.</summary>
    public static ParityStatus After(ParityStatus status, ForcedResult result) => status with
    {
        Asked = status.Asked + 1,
        Missing = status.Missing + (result.Missing is null ? 0 : 1),
        Tokens = status.Tokens + result.Tokens.Length,
        Agreed = status.Agreed + result.Tokens.Count(static t => t.Agree),
        DivergenceSum = status.DivergenceSum + result.Tokens.Sum(static t => t.Divergence),
        BaselineSurprise = status.BaselineSurprise + result.Tokens.Sum(static t => t.BaselineSurprise),
        CandidateSurprise = status.CandidateSurprise + result.Tokens.Sum(static t => t.CandidateSurprise),
    };

    /// <summary>The status with a verdict, all prompts asked.</summary>
    public static ParityStatus Judge(ParityStep step, ParityStatus status)
    {
        if (status.Missing > status.Asked * Comparison.MostMissing) return Ended(GateEvidence.Undecided, $"nothing is known of {status.Missing} of {status.Asked} prompts, above {Comparison.MostMissing * 100:0} in 100");
        if (status.Tokens < LeastTokens) return Ended(GateEvidence.Undecided, $"only {status.Tokens} tokens could be compared, below {LeastTokens}: take a larger sample, or more tokens of each answer");
        var wrong = new List<string>();
        if (step.MostDivergence < Divergence(status)) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"the divergence is above {step.MostDivergence}"));
        if (step.LeastAgreement > Agreement(status)) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"the agreement is below {step.LeastAgreement}"));
        if (step.MostPerplexityRatio < PerplexityRatio(status)) wrong.Add(string.Create(CultureInfo.InvariantCulture, $"the perplexity ratio is above {step.MostPerplexityRatio}"));
        return Ended(wrong.Count == 0 ? GateEvidence.Pass : GateEvidence.Fail, $"{string.Join(", ", wrong)}{(wrong.Count == 0 ? "" : ": ")}{Figures(status)}");

        ParityStatus Ended(string verdict, string reason) => status with { Verdict = verdict, Reason = reason };
    }

    /// <summary>What is measured, in words.</summary>
    public static string Figures(ParityStatus status) => status.Tokens == 0 ? "nothing compared yet" : string.Create(
        CultureInfo.InvariantCulture,
        $"divergence {Divergence(status):0.#####} nats a token at least, the same token likeliest for {Agreement(status) * 100:0.##} in 100, perplexity {PerplexityRatio(status):0.####} times, over {status.Tokens} tokens of {status.Asked} prompts");

    private static double Divergence(ParityStatus status) => status.DivergenceSum / status.Tokens;

    private static double Agreement(ParityStatus status) => status.Agreed / (double)status.Tokens;

    private static double PerplexityRatio(ParityStatus status) => Math.Exp((status.CandidateSurprise - status.BaselineSurprise) / status.Tokens);
}
