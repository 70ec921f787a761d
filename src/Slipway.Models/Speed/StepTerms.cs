using System.Runtime.InteropServices;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Models.Speed;

/// <summary>
/// The work of one step and of one prompt on the busiest device, as the seconds that it would take at the data sheet's full rates. What an
/// engine makes of it is <see cref="SpeedConstants"/>'s to say.
/// </summary>
/// <param name="Engine">The engine, whose constants apply.</param>
/// <param name="Dense">Reading the weights that every token needs.</param>
/// <param name="Experts">Reading the experts that the running tokens choose between them.</param>
/// <param name="Cache">Reading keys, values and states of the running sequences.</param>
/// <param name="Compute">Arithmetic of the running sequences' tokens.</param>
/// <param name="Exchange">Moving activations between devices in a step.</param>
/// <param name="Prompt">Arithmetic of one prompt.</param>
/// <param name="PromptExchange">Moving activations between devices for one prompt.</param>
/// <param name="Layers">Layers of the model.</param>
/// <param name="ExpertLayers">Layers with experts.</param>
/// <param name="Doublings">Binary logarithm of the devices that share a layer.</param>
/// <param name="Running">Sequences that run at once.</param>
/// <param name="OutputTokens">Tokens of an answer.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StepTerms(
    ServingEngine Engine, double Dense, double Experts, double Cache, double Compute, double Exchange, double Prompt, double PromptExchange,
    int Layers, int ExpertLayers, double Doublings, double Running, int OutputTokens)
{
    private const double PackedBits = 13;

    /// <summary>Computes the terms.</summary>
    /// <returns>The terms; <c>null</c> when the accelerator's bandwidth or 16-bit rate is not known.</returns>
    public static StepTerms? Of(ModelProfile profile, Accelerator accelerator, Layout layout, Traffic traffic, ServingEngine engine, KvCacheType cache, double running)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(accelerator);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(cache);
        if (accelerator.BandwidthBytesPerSecond is not { } bandwidth || accelerator.Fp16FlopsPerSecond is not { } full) return null;
        // A pipeline's stages work one after another on a token, each on its part of the layers and of the running sequences.
        var batch = Math.Max(1, running / layout.Pipeline);
        var devices = layout.Tensor;
        var touched = WeightReads.TouchedShare(profile.Experts, batch);
        var experts = profile.Weights.RoutedExpertBytes * touched;
        var dense = WeightReads.BytesPerStep(profile, batch) - experts;
        var work = Work.Of(profile, accelerator, full);
        var hidden = profile.Shape.HiddenSize ?? 0;
        var link = (accelerator.LinkBytesPerSecond ?? PcieBytesPerSecond) / 2;
        // Two all-reduces a layer, each of which moves 2 (n - 1) / n of the activations (ring).
        var exchange = devices == 1 ? 0 : 2.0 * hidden * 2 * (devices - 1) / devices * 2 * profile.Shape.Layers / link;
        return new(
            engine, dense / devices / bandwidth, experts / devices / bandwidth, batch * CacheReads.BytesPerSequence(profile, layout.Tensor, cache, traffic.MeanContext) / bandwidth,
            batch * (work.SecondsPerToken + work.SecondsPerOutput) / devices, batch * exchange,
            ((traffic.PromptTokens * work.SecondsPerToken) + work.AttentionSeconds(profile, traffic.PromptTokens)) / devices,
            traffic.PromptTokens * exchange, profile.Shape.Layers, profile.Experts?.Layers ?? 0, Math.Log2(devices), batch, traffic.OutputTokens);
    }

    // PCIe 4.0 x16, both directions: what devices without a link of their own have at least.
    private const double PcieBytesPerSecond = 64e9;

    /// <summary>Seconds of arithmetic at full rate.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Work(double SecondsPerToken, double SecondsPerOutput, double Rate16)
    {
        /// <summary>Two operations for each weight that a token passes through (multiply and add).</summary>
        public static Work Of(ModelProfile profile, Accelerator accelerator, double full)
        {
            var parameters = profile.Parameters;
            var weights = profile.Weights;
            var output = parameters.OutputLayer > 0 ? parameters.OutputLayer : parameters.Embedding;
            var experts = profile.Experts is { Total: > 0 } e ? parameters.RoutedExperts * ((double)e.ActivePerToken / e.Total) : 0;
            var dense = Math.Max(0, parameters.Active.Middle - parameters.Embedding - parameters.OutputLayer - parameters.Encoders - experts);
            var packed = Packed(accelerator, weights.Quantization, full);
            // Layers that the quantiser left in 16 bits show in their bytes.
            var bits = parameters.Total.Middle - parameters.RoutedExperts is > 0 and var rest ? (weights.Bytes.Middle - weights.RoutedExpertBytes) * 8.0 / rest : 16;
            var denseRate = bits < PackedBits ? packed : full;
            var expertRate = weights.Quantization.IsQuantized ? packed : full;
            return new((2 * dense / denseRate) + (2 * experts / expertRate), 2.0 * output / full, full);
        }

        /// <summary>Scores and sums over half of the prompt on average (a token sees those before it): 4 operations a head, element and pair.</summary>
        public double AttentionSeconds(ModelProfile profile, int tokens)
        {
            var layers = profile.Attention.Layers.Count(static l => l.ElementsPerToken > 0);
            return 4.0 * layers * profile.Attention.Heads * profile.Attention.HeadDim * tokens * tokens / 2 / Rate16;
        }

        private static double Packed(Accelerator accelerator, QuantizationProfile quantization, double full) => quantization.ComputeBits switch
        {
            8 => accelerator.Fp8FlopsPerSecond ?? accelerator.Int8OpsPerSecond ?? full,
            4 => accelerator.Fp4FlopsPerSecond ?? full,
            _ => full,
        };
    }
}
