namespace Slipway.Models.Profiles;

/// <summary>How much of the weights one step of generation reads.</summary>
public static class WeightReads
{
    /// <summary>Bytes of weights that a step reads for so many tokens at once, over all devices together.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="tokens">Tokens of the step: one for each running sequence.</param>
    /// <returns>Bytes; the upper bound where the profile's bytes are bounded.</returns>
    /// <remarks>
    /// Everything is read once, however many tokens share it, but: an embedding table of its own gives one row a token (with tied
    /// embeddings it is the output layer and is read whole); encoders rest; of the routed experts only those that are chosen are read.
    /// </remarks>
    public static double BytesPerStep(ModelProfile profile, double tokens)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        var weights = profile.Weights;
        var gathered = weights.OutputLayerBytes > 0 ? weights.EmbeddingBytes : 0;
        var always = Math.Max(0, weights.Bytes.High - weights.RoutedExpertBytes - weights.EncoderBytes - gathered);
        var row = profile.Shape.VocabularySize is > 0 and var rows ? (double)gathered / rows : 0;
        return always + (weights.RoutedExpertBytes * TouchedShare(profile.Experts, tokens)) + (row * tokens);
    }

    /// <summary>Expected share of a layer's routed experts that so many tokens choose between them.</summary>
    /// <returns>Between 0 and 1; 0 for a dense model.</returns>
    /// <remarks>
    /// With k of E experts a token, chosen evenly and independently, an expert is missed by all n tokens with probability (1 - k/E)^n.
    /// Real routing is uneven, so the true share is a little smaller: this bounds it from above.
    /// </remarks>
    public static double TouchedShare(ExpertProfile? experts, double tokens)
    {
        if (experts is null || experts.Total <= 0) return 0;
        var chosen = Math.Clamp((double)experts.ActivePerToken / experts.Total, 0, 1);
        return 1 - Math.Pow(1 - chosen, tokens);
    }
}
