namespace Slipway.Api.Rollouts;

/// <summary>What a parity step measured: all that it takes to go on after a crash, or to compute the figures by hand.</summary>
public sealed record ParityStatus
{
    /// <summary>The step that it belongs to, from 0.</summary>
    public int Step { get; init; }

    /// <summary>Pass, Fail, Undecided or Running.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The suite's digest; another one in the middle ends the rollout.</summary>
    public string? SuiteDigest { get; init; }

    /// <summary>The seed of the order in which prompts are asked.</summary>
    public long Seed { get; init; }

    /// <summary>Prompts in the order drawn that are behind it; the next one is asked next.</summary>
    public long Asked { get; init; }

    /// <summary>Prompts that there are.</summary>
    public long Total { get; init; }

    /// <summary>Prompts of which nothing is known.</summary>
    public long Missing { get; init; }

    /// <summary>Tokens that were compared.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens of which both held the same one likeliest.</summary>
    public long Agreed { get; init; }

    /// <summary>The sum of the divergences, nats.</summary>
    public double DivergenceSum { get; init; }

    /// <summary>The sum of minus the logarithms of the tokens' probabilities with the model as it is.</summary>
    public double BaselineSurprise { get; init; }

    /// <summary>The same with the candidate; at least so much, since tokens beyond the likeliest count as the last of them.</summary>
    public double CandidateSurprise { get; init; }
}
