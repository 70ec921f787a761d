using Slipway.Models.Memory;

namespace Slipway.Models.Speed;

/// <summary>Turns work into time with an engine's constants.</summary>
internal static class StepTime
{
    // What rings reach of a link's rate for large messages (NCCL's own tests on NVLink: 0.6 to 0.8).
    public const double LinkShare = 0.6;

    /// <summary>Seconds of a step of generation alone.</summary>
    public static double Step(in StepTerms t, SpeedConstants c)
    {
        var read = (t.Dense / c.DenseRead) + (t.Experts / c.ExpertRead) + (t.Cache / c.CacheRead);
        var compute = t.Compute / c.DecodeCompute;
        var overhead = (t.Layers * (c.LayerSeconds + (c.ExchangeSeconds * t.Doublings))) + (t.ExpertLayers * c.RoutingSeconds)
            + (c.SequenceSeconds * t.Running) + c.StepSeconds + (t.Exchange / LinkShare);
        return (Math.Max(read, compute) + (c.Unhidden * Math.Min(read, compute)) + overhead) * Factor(t.Engine, c.SglangStep, c.TensorRtStep);
    }

    /// <summary>Seconds that a prompt takes of the device.</summary>
    public static double Prompt(in StepTerms t, SpeedConstants c) =>
        ((t.Prompt / c.PromptCompute) + (t.PromptExchange / LinkShare)) * Factor(t.Engine, c.SglangPrompt, c.TensorRtPrompt);

    /// <summary>
    /// Seconds between two tokens of an answer: a step, and its share of the prompts that the others bring meanwhile. While one answer of O
    /// tokens is written, each of the other sequences ends once and brings one prompt.
    /// </summary>
    public static double InterToken(in StepTerms t, SpeedConstants c) => Step(t, c) + ((t.Running - 1) / t.OutputTokens * Prompt(t, c));

    /// <summary>An engine's multiple of vLLM's time.</summary>
    public static double Factor(ServingEngine engine, double sglang, double tensorRt) => engine switch
    {
        ServingEngine.Sglang => sglang,
        ServingEngine.TensorRtLlm => tensorRt,
        _ => 1,
    };
}
