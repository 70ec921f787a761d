namespace Slipway.Models.Profiles;

/// <summary>Tells how large a model would be in one of llama.cpp's quantisations, before such a file is seen.</summary>
/// <remarks>
/// llama.cpp packs layers with a mix of block types, keeps the output layer in Q6_K below eight bits, and with tied embeddings the table, which is
/// then the output layer. The mixes' bits are those of its own table for Llama-3.1-8B (tools/quantize/README.md: 4.89 bits for Q4_K_M, and so on), with
/// embedding and output layer taken out. Files of other models differ by some per cent; a header read from the file is always better.
/// </remarks>
public static class GgufForecast
{
    private const double Spread = 0.03;

    /// <summary>The model as a file of that quantisation.</summary>
    /// <param name="profile">The model, from its config.json or its 16-bit files.</param>
    /// <param name="scheme">As in <c>Q4_K_M</c>, in any case.</param>
    /// <returns>The profile with bounded weights; <c>null</c> for a quantisation that is not in the table.</returns>
    public static ModelProfile? Of(ModelProfile profile, string scheme)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(scheme);
        if (Mix(scheme.ToUpperInvariant()) is not { } mix) return null;
        var parameters = profile.Parameters;
        var tied = parameters.OutputLayer == 0;
        // Towers lie in a file of their own (mmproj), which is loaded only when asked for.
        var ends = parameters.Embedding + parameters.OutputLayer + parameters.Encoders;
        var embedding = parameters.Embedding * (tied ? mix.Output : mix.Embedding) / 8;
        var output = parameters.OutputLayer * mix.Output / 8;
        double Total(long count) => (Math.Max(0, count - ends) * mix.Layers / 8) + embedding + output;
        return profile with
        {
            Encoders = [],
            Weights = new WeightProfile
            {
                Bytes = new Bounds((long)(Total(parameters.Total.Low) * (1 - Spread)), (long)(Total(parameters.Total.High) * (1 + Spread))),
                EmbeddingBytes = (long)embedding,
                OutputLayerBytes = (long)output,
                RoutedExpertBytes = (long)(parameters.RoutedExperts * mix.Layers / 8),
                Source = WeightSource.Architecture,
                Quantization = new QuantizationProfile { Method = "gguf", Scheme = scheme.ToUpperInvariant(), BitsPerWeight = mix.Layers, ComputeBits = 16 },
            },
        };
    }

    private static Bits? Mix(string scheme) => scheme switch
    {
        "F32" => new(32, 32, 32),
        "F16" or "BF16" => new(16, 16, 16),
        "Q8_0" => new(8.5, 8.5, 8.5),
        "Q6_K" => new(6.5625, 6.5625, 6.5625),
        "Q5_K_M" => new(5.65, 5.5, 6.5625),
        "Q5_K_S" => new(5.50, 5.5, 6.5625),
        "Q4_K_M" => new(4.79, 4.5, 6.5625),
        "Q4_K_S" => new(4.54, 4.5, 6.5625),
        "Q4_0" => new(4.5, 4.5, 6.5625),
        "IQ4_NL" => new(4.55, 4.5, 6.5625),
        "IQ4_XS" => new(4.32, 4.25, 6.5625),
        "Q3_K_L" => new(4.20, 3.4375, 6.5625),
        "Q3_K_M" => new(3.85, 3.4375, 6.5625),
        "Q3_K_S" => new(3.44, 3.4375, 6.5625),
        "Q2_K" => new(2.95, 2.625, 6.5625),
        _ => null,
    };

    private sealed record Bits(double Layers, double Embedding, double Output);
}
