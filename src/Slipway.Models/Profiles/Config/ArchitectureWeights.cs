namespace Slipway.Models.Profiles.Config;

/// <summary>Counts and bytes that follow from the architecture's numbers alone, before any weight file is seen.</summary>
internal sealed class ArchitectureWeights(
    PartCounts counts, FeedForward feed, Traits traits, ModelShape shape, QuantizationProfile quantization, IReadOnlyList<EncoderProfile> encoders)
{
    // A tower's patches, positions and projector; an unknown architecture's small tensors.
    private const double EncoderSlack = 1.35;
    private const double UnknownSlack = 1.05;

    private bool Exact => traits.Known && encoders.Count == 0 && shape is { HiddenSize: not null, VocabularySize: not null, TiedEmbeddings: not null };

    /// <summary>The experts; null for a dense model.</summary>
    public ExpertProfile? Experts() => feed.Experts == 0 || counts.ExpertLayers == 0 ? null : new ExpertProfile
    {
        Total = feed.Experts,
        ActivePerToken = feed.Active,
        Shared = feed.SharedWidth > 0 ? Math.Max(1, (int)(feed.SharedWidth / Math.Max(1, feed.ExpertWidth))) : 0,
        Layers = (int)counts.ExpertLayers,
        ParametersPerExpert = (long)(counts.RoutedExperts / counts.ExpertLayers / feed.Experts),
    };

    /// <summary>How many weights.</summary>
    public ParameterProfile Parameters(List<ProfileNote> notes)
    {
        var total = Total();
        var idle = feed.Experts == 0 ? 0 : counts.RoutedExperts * (1 - ((double)feed.Active / feed.Experts));
        if (!total.IsExact && encoders.Count > 0)
            notes.Add(new(ProfileNoteKind.BoundedWeights, "Vision or audio towers are estimated from their depth and width; the weight files' headers give the exact count."));
        if (shape.TiedEmbeddings is null)
            notes.Add(new(ProfileNoteKind.BoundedWeights, "The configuration does not say whether the output layer is the embedding table; the upper bound counts both."));
        return new ParameterProfile
        {
            Total = total,
            Active = new Bounds((long)Math.Max(0, total.Low - idle), (long)Math.Max(0, total.High - idle)),
            Embedding = (long)counts.Embedding,
            OutputLayer = (long)counts.Output,
            RoutedExperts = (long)counts.RoutedExperts,
            Encoders = (long)counts.Encoders,
            Draft = (long)counts.Draft,
            Source = Exact ? ParameterSource.Architecture : ParameterSource.Bounded,
        };
    }

    /// <summary>How many bytes.</summary>
    public WeightProfile Bytes()
    {
        var plain = shape.ComputeType is "float32" ? 4.0 : 2.0;
        var packed = (quantization.BitsPerWeight ?? (quantization.IsQuantized ? 8 : 8 * plain)) / 8;
        var experts = counts.RoutedExperts * (Skips("expert", whole: true) ? plain : feed.ExpertBits is { } bits ? bits / 8 : packed);
        // mxfp4 packs experts only; for others, what the checkpoint's list of exceptions seems to spare is bounded by both sizes.
        var attention = Share(counts.Mixers, plain, packed, "attn", "attention", "mixer");
        var dense = Share(counts.Dense + counts.SharedExperts, plain, packed, "shared_expert", "gate_up|down", "mlp.gate_proj");
        var full = (counts.Embedding + counts.Output + counts.Routers + counts.Norms + counts.Encoders) * plain;
        var low = full + experts + attention.Low + dense.Low;
        var high = full + experts + attention.High + dense.High;
        var slack = (1 + ((EncoderSlack - 1) * counts.Encoders / Math.Max(1, counts.Total))) * (traits.Known ? 1 : UnknownSlack);
        return new WeightProfile
        {
            Bytes = new Bounds(ToLong(traits.Guessed ? low * (counts.Total - (counts.Dense / 3)) / Math.Max(1, counts.Total) : low), ToLong(high * slack)),
            EmbeddingBytes = ToLong(counts.Embedding * plain),
            OutputLayerBytes = ToLong(counts.Output * plain),
            RoutedExpertBytes = ToLong(experts),
            EncoderBytes = ToLong(counts.Encoders * plain),
            DraftBytes = DraftBytes(plain, packed),
            Source = WeightSource.Architecture,
            Quantization = quantization,
        };
    }

    /// <summary>A draft layer is packed as the others are; its copies of embedding and output are not.</summary>
    private long DraftBytes(double plain, double packed)
    {
        var copies = Math.Min(counts.Draft, counts.Embedding + counts.Output);
        return counts.Draft <= 0 ? 0 : counts.Draft > copies ? ToLong((copies * plain) + ((counts.Draft - copies) * packed)) : ToLong(counts.Draft * packed);
    }

    private Bounds Total()
    {
        if (Exact) return Bounds.Exactly(ToLong(counts.Total));
        var low = counts.Total - (shape.TiedEmbeddings is null ? counts.Output : 0) - (traits.Guessed ? counts.Dense / 3 : 0);
        var high = counts.Total + (counts.Encoders * (EncoderSlack - 1));
        return new Bounds(ToLong(low), ToLong(traits.Known ? high : high * UnknownSlack));
    }

    private (double Low, double High) Share(double count, double plain, double packed, params ReadOnlySpan<string> words)
    {
        if (!quantization.IsQuantized) return (count * plain, count * plain);
        if (quantization.Method is "mxfp4") return (count * plain, count * plain);
        foreach (var word in words)
        {
            if (!Skips(word, whole: false)) continue;
            // A pattern that names no layer spares all of them; a list of layers spares some.
            return quantization.Unquantized.Any(m => m.Contains(word, StringComparison.Ordinal) && !m.Contains("layers.", StringComparison.Ordinal))
                ? (count * plain, count * plain)
                : (count * packed, count * plain);
        }

        return (count * packed, count * packed);
    }

    private bool Skips(string word, bool whole) => quantization.Unquantized.Any(m =>
        m.Contains(word, StringComparison.Ordinal) && (!whole || m.Contains("experts", StringComparison.Ordinal) && !m.Contains("shared", StringComparison.Ordinal))
        && !m.Contains("norm", StringComparison.Ordinal));

    private static long ToLong(double value) => value >= long.MaxValue ? long.MaxValue : (long)value;
}
