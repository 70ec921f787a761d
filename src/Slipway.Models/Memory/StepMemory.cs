using Slipway.Models.Hardware;
using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Memory that an engine needs for computing: activations, graphs, workspaces, context.</summary>
internal static class StepMemory
{
    private const double Mib = 1 << 20;

    // Peak of the sampler over all sequences: logits in 16 and 32 bits, sorted values and indices, probabilities and their sums. Fitted to
    // eight H100 runs of vLLM 0.11 (docs/estimates.md); seven lie within 2 %.
    private const double SamplerBytes = 39;

    /// <summary>The parts that do not depend on weights or cache.</summary>
    public static void Add(List<MemoryPart> parts, ModelProfile profile, Accelerator accelerator, Layout layout, EngineSettings settings, Workload workload)
    {
        if (settings.Engine == ServingEngine.LlamaCpp) AddLlamaCpp(parts, profile, accelerator, settings, workload);
        else AddServer(parts, profile, accelerator, layout, settings);
        if (settings.OthersBytes > 0) parts.Add(new(MemoryPartKind.Others, settings.OthersBytes, false, "stated"));
    }

    private static void AddServer(List<MemoryPart> parts, ModelProfile profile, Accelerator accelerator, Layout layout, EngineSettings settings)
    {
        double tokens = settings.StepTokensOn(accelerator), sequences = settings.SequencesOn(accelerator);
        var vocabulary = profile.Identity.Task == ModelTask.Embedding ? 0 : profile.Shape.VocabularySize ?? 0;
        var sampler = SamplerBytes * sequences * vocabulary;
        var forward = tokens * ForwardBytes(profile, layout.Tensor);
        var peak = Math.Max(sampler, forward);
        // SGLang samples few sequences at once and reserves by rule of thumb for the rest; its peak lies beside its share.
        parts.Add(new(MemoryPartKind.Activations, (long)peak, settings.Engine != ServingEngine.Sglang, sampler >= forward
            ? $"sampling {sequences:0} sequences over a vocabulary of {vocabulary}, {SamplerBytes} bytes each"
            : $"{tokens:0} tokens through the widest layer"));
        // vLLM's non-torch memory: 0.13 to 0.14 GiB alone, 0.54 to 0.55 with NCCL (same runs).
        var workspaces = layout.Devices > 1 ? 0.55 : 0.14;
        parts.Add(new(MemoryPartKind.Workspaces, (long)(workspaces * 1024 * Mib), settings.Engine != ServingEngine.Sglang, layout.Devices > 1 ? "libraries and NCCL's buffers" : "libraries"));
        if (settings.Graphs) parts.Add(new(MemoryPartKind.Graphs, (long)GraphBytes(profile, layout), false, "captured steps: 4 MiB a layer and 1/4 GiB"));
        parts.Add(new(MemoryPartKind.Context, (long)(ContextMib(accelerator) * Mib), false, "the driver's context"));
    }

    /// <summary>Bytes a token of a step's widest moment: residual and hidden state, and a feed-forward block's two halves and product, in 16 bits.</summary>
    private static double ForwardBytes(ModelProfile profile, int tensor)
    {
        double hidden = profile.Shape.HiddenSize ?? 0;
        var width = (double)(profile.Shape.IntermediateSize ?? 0);
        if (profile.Experts is { ParametersPerExpert: { } each } experts && hidden > 0) width = Math.Max(width, experts.ActivePerToken * each / (3 * hidden));
        var heads = (double)profile.Attention.Heads * profile.Attention.HeadDim * 3;
        return (4 * hidden) + (2 * Math.Max(3 * width, heads) / tensor);
    }

    // KAITO's developers saw 1.5 to 1.9 GiB on an H100 for tens of layers; vLLM's own logs 0.4 to 1.0 (negative figures come from memory freed meanwhile).
    private static double GraphBytes(ModelProfile profile, Layout layout) =>
        (256 + (4.0 * Math.Ceiling((double)profile.Shape.Layers / layout.Pipeline))) * Mib;

    private static double ContextMib(Accelerator accelerator) => accelerator.Vendor is "apple" ? 0 : 450;

    /// <summary>
    /// llama.cpp's compute buffer: the logits of a micro-batch in 32 bits, its hidden states, and the mask over the context.
    /// Checked by hand: Llama-3-8B 258.5 MiB, Qwen3-8B 304.75 MiB in its own log, at the default micro-batch of 512.
    /// </summary>
    private static void AddLlamaCpp(List<MemoryPart> parts, ModelProfile profile, Accelerator accelerator, EngineSettings settings, Workload workload)
    {
        double batch = settings.StepTokensOn(accelerator);
        double vocabulary = profile.Shape.VocabularySize ?? 0, hidden = profile.Shape.HiddenSize ?? 0;
        var context = (double)workload.ContextTokens * workload.Concurrency;
        parts.Add(new(MemoryPartKind.Activations, (long)((batch * 4 * (vocabulary + hidden)) + (batch * 2 * context)), true,
            $"a micro-batch of {batch:0}: logits over {vocabulary:0}, hidden states of {hidden:0}, mask over {context:0} tokens"));
        parts.Add(new(MemoryPartKind.Context, (long)((accelerator.Vendor is "apple" ? 0 : 300) * Mib), true, "the driver's context and kernels"));
    }
}
