using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Bytes of weights on the fullest device of a replica.</summary>
internal static class WeightShards
{
    /// <summary>The bytes, and how they come about.</summary>
    public static (long Bytes, string Why) Of(ModelProfile profile, Layout layout, ServingEngine engine)
    {
        var weights = profile.Weights;
        var experts = Padded(profile, engine);
        var body = Math.Max(0, weights.Bytes.High - weights.EmbeddingBytes - weights.OutputLayerBytes - weights.EncoderBytes - weights.RoutedExpertBytes);
        var stage = StageShare(profile.Attention.Layers.Count, layout.Pipeline);
        var cutExperts = layout.Experts && profile.Experts is { Total: > 0 and var count } ? Math.Ceiling((double)count / layout.Tensor) / count : 1.0 / layout.Tensor;
        var layers = stage * ((body / (double)layout.Tensor) + (experts * cutExperts) + Replicated(profile, layout.Tensor));
        var rank = layers + Ends(weights, layout, profile.Shape.TiedEmbeddings == true, engine) + weights.EncoderBytes + Positions(profile, engine);
        var why = $"{weights.Bytes.High} bytes of weights, {(layout.Devices == 1 ? "whole" : $"on one of {layout}")}"
            + (experts > weights.RoutedExpertBytes ? ", experts padded to rows of 256" : "")
            + (weights.EncoderBytes > 0 && layout.Tensor > 1 ? ", towers whole on each" : "");
        return ((long)Math.Ceiling(rank), why);
    }

    /// <summary>Share of the layers in the fullest stage.</summary>
    private static double StageShare(int layers, int pipeline) => layers == 0 ? 1.0 / pipeline : Math.Ceiling((double)layers / pipeline) / layers;

    /// <summary>
    /// MXFP4 kernels work on rows of 256 values: gpt-oss' 2,880 become 3,072. Measured on an H100: 64.38 GiB for gpt-oss-120b whose files have
    /// 60.77 (vLLM 0.11), which this rule gives as 64.5.
    /// </summary>
    private static double Padded(ModelProfile profile, ServingEngine engine)
    {
        double bytes = profile.Weights.RoutedExpertBytes;
        if (engine == ServingEngine.LlamaCpp || profile.Weights.Quantization.Method != "mxfp4" || profile.Shape.HiddenSize is not { } hidden) return bytes;
        return bytes * Math.Ceiling(hidden / 256.0) * 256 / hidden;
    }

    /// <summary>What tensor parallelism cannot cut: key and value projections beyond the number of their heads, and the down projections of latent attention.</summary>
    private static double Replicated(ModelProfile profile, int tensor)
    {
        if (tensor == 1 || profile.Shape.HiddenSize is not { } hidden) return 0;
        var width = profile.Parameters.Total.High > 0 ? profile.Weights.Bytes.High / (double)profile.Parameters.Total.High : 2;
        var extra = 0.0;
        foreach (var layer in profile.Attention.Layers)
        {
            extra += layer switch
            {
                LayerMemory.Latent latent => (double)hidden * (latent.Rank + latent.RopeDim + 1536) * (1 - (1.0 / tensor)),
                LayerMemory.Full full when tensor > full.KvHeads => (double)hidden * full.ElementsPerToken * ((1.0 / full.KvHeads) - (1.0 / tensor)),
                LayerMemory.Sliding window when tensor > window.KvHeads => (double)hidden * window.WindowElementsPerToken * ((1.0 / window.KvHeads) - (1.0 / tensor)),
                _ => 0,
            };
        }

        return extra * width;
    }

    /// <summary>Embedding and output layer: cut by vocabulary; the first stage has one, the last the other. llama.cpp leaves an embedding of its own in the machine's memory.</summary>
    private static double Ends(WeightProfile weights, Layout layout, bool tied, ServingEngine engine)
    {
        double embedding = weights.EmbeddingBytes, output = tied ? 0 : weights.OutputLayerBytes;
        if (engine == ServingEngine.LlamaCpp && output > 0) embedding = 0;
        return (layout.Pipeline > 1 ? Math.Max(embedding, output) : embedding + output) / layout.Tensor;
    }

    /// <summary>The table of rotary positions that vLLM makes: context x head width x 2 bytes (Llama-3.1-8B: 32 MiB above its files, as measured).</summary>
    private static double Positions(ModelProfile profile, ServingEngine engine) =>
        engine == ServingEngine.Vllm ? Math.Min(profile.Context.Length ?? 0, 2_000_000) * 2.0 * Math.Min(profile.Attention.HeadDim, 256) : 0;
}
