namespace Slipway.Models.Speed;

/// <summary>The load on one replica: so many requests at any moment, each followed at once by the next.</summary>
/// <param name="PromptTokens">Tokens of a prompt.</param>
/// <param name="OutputTokens">Tokens of an answer.</param>
/// <param name="Concurrency">Requests at the same time.</param>
public sealed record Traffic(int PromptTokens, int OutputTokens, int Concurrency)
{
    /// <summary>Mean length of a sequence while it is answered: the prompt and half of the answer.</summary>
    public double MeanContext => PromptTokens + (OutputTokens / 2.0);
}
