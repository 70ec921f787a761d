using System.ComponentModel.DataAnnotations;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>
/// Both sides say how likely each token is of the answers that the model as it is gives to the same prompts (teacher forcing). A coarse alarm for changes that should change nothing, such as a quantisation or an engine's
/// version: being near in this is no proof of being as good.
/// </summary>
[SchemaRule("has(self.mostDivergence) || has(self.leastAgreement) || has(self.mostPerplexityRatio)", "a parity step needs a limit: mostDivergence, leastAgreement or mostPerplexityRatio")]
public sealed record ParityStep
{
    /// <summary>The suite whose prompts are asked, in the same namespace; its graders are not.</summary>
    public required LocalReference SuiteRef { get; init; }

    /// <summary>Most prompts to ask.</summary>
    [SchemaDefault(50)]
    [Range(1, 10_000)]
    public int? Sample { get; init; }

    /// <summary>Decides which prompts are drawn and in which order.</summary>
    [SchemaDefault(1)]
    [Range(0, int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>Most tokens of an answer that are compared.</summary>
    [SchemaDefault(32)]
    [Range(1, 512)]
    public int? Tokens { get; init; }

    /// <summary>The largest mean divergence of the candidate's next token from that of the model as it is (Kullback-Leibler, nats a token). Of the likeliest tokens alone, so that what is measured is a lower bound.</summary>
    [Range(0.00001, 100)]
    public double? MostDivergence { get; init; }

    /// <summary>The least share of tokens of which both hold the same one likeliest.</summary>
    [Range(0.01, 1)]
    public double? LeastAgreement { get; init; }

    /// <summary>The largest perplexity of the answers with the candidate, as a multiple of that with the model that gave them.</summary>
    [Range(1, 1000)]
    public double? MostPerplexityRatio { get; init; }

    /// <summary>How many prompts are asked at a time.</summary>
    [SchemaDefault(4)]
    [Range(1, 64)]
    public int? Concurrency { get; init; }

    /// <summary>How long an answer may take.</summary>
    [SchemaDefault(120)]
    [Range(1, 86_400)]
    public int? TimeoutSeconds { get; init; }
}
