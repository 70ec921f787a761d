namespace Slipway.Models.Profiles.Config;

/// <summary>Weights by part, as whole numbers held as doubles.</summary>
internal sealed record PartCounts
{
    public double Embedding { get; init; }

    public double Output { get; init; }

    public double Mixers { get; init; }

    public double Dense { get; init; }

    public double SharedExperts { get; init; }

    public double RoutedExperts { get; init; }

    public double Routers { get; init; }

    public double Norms { get; init; }

    public double Encoders { get; init; }

    public double ExpertLayers { get; init; }

    /// <summary>Draft layers for multi-token prediction; not part of the total.</summary>
    public double Draft { get; init; }

    /// <summary>All of them.</summary>
    public double Total => Embedding + Output + Mixers + Dense + SharedExperts + RoutedExperts + Routers + Norms + Encoders;

    /// <summary>Counts the language model.</summary>
    public static PartCounts Of(ConfigNode config, ModelShape shape, AttentionProfile attention, FeedForward feed, Traits traits)
    {
        double hidden = shape.HiddenSize ?? 0;
        double vocabulary = shape.VocabularySize ?? 0;
        double mixers = 0, norms = hidden, dense = 0, shared = 0, routed = 0, routers = 0, expertLayers = 0;
        double? latent = config.Count("moe_latent_size", "routed_expert_hidden_size");
        for (var i = 0; i < attention.Layers.Count; i++)
        {
            mixers += MixerCounts.Of(attention.Layers[i], config, attention, hidden, traits);
            norms += traits.Norms * hidden;
            var kind = i < feed.Layers.Count ? feed.Layers[i] : FeedForwardKind.Dense;
            if (kind == FeedForwardKind.Dense || (kind == FeedForwardKind.Experts && traits.DenseBesideExperts))
                dense += (traits.Matrices * hidden * Width(config, i, feed, hidden)) + (config.Flag("mlp_bias") == true ? (2.0 * feed.DenseWidth) + hidden : 0);
            if (kind != FeedForwardKind.Experts) continue;
            expertLayers++;
            var biases = traits.SinksAndBiases ? (2.0 * feed.ExpertWidth) + hidden : 0;
            routed += feed.Experts * ((traits.Matrices * (latent ?? hidden) * feed.ExpertWidth) + biases);
            shared += traits.Matrices * hidden * feed.SharedWidth;
            // Experts that work in a narrower space have one projection into it and one out of it for all of them.
            if (latent is { } narrow) routers += 2 * hidden * narrow;
            routers += (hidden * feed.Experts) + (traits.SinksAndBiases || traits.RouterCorrection ? feed.Experts : 0)
                + (traits.SharedGate && feed.SharedWidth > 0 ? hidden : 0);
        }

        return new PartCounts
        {
            Embedding = hidden * vocabulary,
            Output = shape.TiedEmbeddings == true ? 0 : hidden * vocabulary,
            Mixers = mixers,
            Dense = dense,
            SharedExperts = shared,
            RoutedExperts = routed,
            Routers = routers,
            Norms = norms,
            ExpertLayers = expertLayers,
            Draft = DraftLayers(config, attention, hidden, vocabulary, traits, expertLayers > 0 ? (routed + shared + routers) / expertLayers : dense / Math.Max(1, attention.Layers.Count)),
        };
    }

    /// <summary>
    /// Layers for multi-token prediction: each one more layer of the last kind, a projection of two hidden states into one, three norms and,
    /// in DeepSeek's files, copies of embedding and output (DeepSeek-V3, <see href="https://arxiv.org/abs/2412.19437"/> §2.2).
    /// </summary>
    private static double DraftLayers(ConfigNode config, AttentionProfile attention, double hidden, double vocabulary, Traits traits, double feed)
    {
        if (config.Count("num_nextn_predict_layers", "mtp_num_hidden_layers") is not { } layers || layers > 16) return 0;
        var last = attention.Layers.LastOrDefault(static l => l is not LayerMemory.None) ?? LayerMemory.None.Instance;
        var copies = config.Has("num_nextn_predict_layers") && last is LayerMemory.Latent ? 2 * vocabulary * hidden : 0;
        return layers * (MixerCounts.Of(last, config, attention, hidden, traits) + feed + (2 * hidden * hidden) + ((traits.Norms + 3) * hidden) + copies);
    }

    /// <summary>A searched network states a multiple of the hidden width for each layer (DeciLM rounds it up to a multiple of 256).</summary>
    private static double Width(ConfigNode config, int layer, FeedForward feed, double hidden)
    {
        if (feed.DenseWidth > 0 || config.Children("block_configs", ConfigReader.MaxLayers) is not { } blocks || layer >= blocks.Count) return feed.DenseWidth;
        return blocks[layer].Child("ffn")?.Number("ffn_mult") is { } multiple and > 0 and < 100 ? Math.Ceiling(2 * multiple * hidden / 3 / 256) * 256 : 0;
    }
}
