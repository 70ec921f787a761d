namespace Slipway.Models.Speed;

/// <summary>The constants in use, fitted to measured runs; <c>docs/estimates.md</c> says which, and how far they were off for what a fit had not seen.</summary>
public static class CalibratedSpeed
{
    /// <summary>Fitted to 1,389 runs of vLLM, SGLang and TensorRT-LLM on 2026-11-25.</summary>
    public static SpeedConstants Constants { get; } = new()
    {
        DenseRead = 0.797,
        ExpertRead = 0.756,
        CacheRead = 0.653,
        DecodeCompute = 0.460,
        PromptCompute = 0.819,
        Unhidden = 0.435,
        LayerSeconds = 28.6e-6,
        RoutingSeconds = 29.4e-6,
        ExchangeSeconds = 13.2e-6,
        SequenceSeconds = 5.43e-6,
        StepSeconds = 282e-6,
        SglangStep = 1.145,
        TensorRtStep = 0.958,
        SglangPrompt = 0.966,
        TensorRtPrompt = 1.055,
    };

    // Of 473 runs of vLLM: a first token takes some steps (it waits for one under way, is scheduled, sampled, and sent through the server),
    // a prompt's own time with what chunking costs it, and the prompts of others that came at the same moment.
    internal const double FirstTokenSteps = 8.5;
    internal const double FirstTokenPrompts = 2.3;
    internal const double FirstTokenPromptsAhead = 0.061;
}
