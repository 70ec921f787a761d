using Slipway.Models.Hardware;
using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Finds changes after which a workload would fit.</summary>
internal static class FitOptions
{
    private const int MostDevices = 16;

    /// <summary>The options, the mildest first: less is asked, then less precise, then more hardware.</summary>
    public static IReadOnlyList<FitOption> Of(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings, Fit fit)
    {
        var options = new List<FitOption>();
        if (fit.LargestConcurrency > 0)
            options.Add(new(FitOptionKind.Concurrency, $"At most {fit.LargestConcurrency} sequences of {workload.ContextTokens} tokens at once fit, {workload.Concurrency} are asked.", fit.LargestConcurrency));
        if (fit.LargestContext > 0)
            options.Add(new(FitOptionKind.Context, $"{workload.Concurrency} sequences fit with up to {fit.LargestContext} tokens each.", fit.LargestContext));
        if (workload.Cache.BytesPerElement > 1 && Fits(profile, workload with { Cache = KvCacheType.Fp8 }, layout))
            options.Add(new(FitOptionKind.CacheType, "It fits with keys and values in 8 bits (--kv-cache-dtype fp8).", 8));
        options.AddRange(Weights().Take(1));
        foreach (var tensor in LayoutRules.TensorSizes(profile, MostDevices, settings.Engine).Where(t => t > layout.Tensor))
        {
            if (!Fits(profile, workload, layout with { Tensor = tensor })) continue;
            options.Add(new(FitOptionKind.Devices, $"It fits on {tensor * layout.Pipeline} of these devices.", tensor * layout.Pipeline));
            break;
        }

        return options;

        bool Fits(ModelProfile model, Workload asked, Layout spread) =>
            FitCheck.Judge(model, accelerator, spread, asked, settings).Verdict is FitVerdict.Fits or FitVerdict.Tight;

        IEnumerable<FitOption> Weights()
        {
            var current = profile.Weights.Bytes.High * 8.0 / Math.Max(1, profile.Parameters.Total.Low);
            // 8 and 4 bits with the scales that FP8 blocks and groups of 128 add.
            foreach (var (bits, width) in new[] { (8, 8.01), (4, 4.25) })
            {
                if (width < current * 0.9 && Fits(Requantized(profile, width / current), workload, layout))
                    yield return new(FitOptionKind.Weights, $"It fits with weights in {bits} bits; look for such a version of the model.", bits);
            }
        }
    }

    /// <summary>The model with its layers packed; embedding, output layer and towers stay as they are, as quantisers leave them.</summary>
    private static ModelProfile Requantized(ModelProfile profile, double factor)
    {
        var weights = profile.Weights;
        var kept = weights.EmbeddingBytes + weights.OutputLayerBytes + weights.EncoderBytes;
        return profile with
        {
            Weights = weights with
            {
                Bytes = new Bounds(kept + (long)((weights.Bytes.Low - kept) * factor), kept + (long)((weights.Bytes.High - kept) * factor)),
                RoutedExpertBytes = (long)(weights.RoutedExpertBytes * factor),
            },
        };
    }
}
