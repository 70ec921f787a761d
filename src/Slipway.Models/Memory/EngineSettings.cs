using Slipway.Models.Hardware;

namespace Slipway.Models.Memory;

/// <summary>Settings of an engine that decide about memory. What is not set has the engine's own default for the device.</summary>
public sealed record EngineSettings
{
    private const long Gib = 1L << 30;

    /// <summary>The engine.</summary>
    public ServingEngine Engine { get; init; } = ServingEngine.Vllm;

    /// <summary>Share of the card that the engine may take: vLLM's <c>gpu_memory_utilization</c>, SGLang's <c>mem-fraction-static</c>, TensorRT-LLM's <c>free_gpu_memory_fraction</c>.</summary>
    public double? Share { get; init; }

    /// <summary>Most sequences in a step: vLLM's <c>max_num_seqs</c>.</summary>
    public int? MaxSequences { get; init; }

    /// <summary>Most tokens in a step: vLLM's <c>max_num_batched_tokens</c>, SGLang's <c>chunked-prefill-size</c>, llama.cpp's <c>ubatch-size</c>.</summary>
    public int? MaxStepTokens { get; init; }

    /// <summary>Whether steps are captured as CUDA graphs; off with <c>--enforce-eager</c>.</summary>
    public bool Graphs { get; init; } = true;

    /// <summary>Bytes of the card that other processes hold, a desktop for example.</summary>
    public long OthersBytes { get; init; }

    /// <summary>The share, or the engine's default.</summary>
    /// <remarks>
    /// vLLM 0.92 (vllm/config/cache.py since 0.19), TensorRT-LLM 0.90 (KvCacheConfig), SGLang: what is left of the card after its own reserve of
    /// 1.5 MB a token of a chunk and 2 MB a sequence of the largest graph (server_args.py); llama.cpp takes what it needs.
    /// </remarks>
    public double ShareOn(Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        if (Share is { } stated) return Math.Clamp(stated, 0.01, 1);
        return Engine switch
        {
            ServingEngine.Vllm => 0.92,
            ServingEngine.TensorRtLlm => 0.90,
            ServingEngine.Sglang => Math.Clamp(1 - (SglangReserve(accelerator) / accelerator.MemoryBytes), 0.3, 0.95),
            _ => 1,
        };
    }

    /// <summary>Sequences of a step, or the engine's default: vLLM 1,024 on cards of 70 GiB and more, 256 on others (arg_utils.py).</summary>
    public int SequencesOn(Accelerator accelerator) => MaxSequences ?? Engine switch
    {
        ServingEngine.LlamaCpp => 1,
        ServingEngine.TensorRtLlm => 256,
        ServingEngine.Sglang => accelerator.MemoryBytes >= 60 * Gib ? 256 : 32,
        _ => IsLarge(accelerator) ? 1024 : 256,
    };

    /// <summary>Tokens of a step, or the engine's default: vLLM 8,192 on large cards and 2,048 on others, llama.cpp 512.</summary>
    public int StepTokensOn(Accelerator accelerator) => MaxStepTokens ?? Engine switch
    {
        ServingEngine.LlamaCpp => 512,
        ServingEngine.Sglang => accelerator.MemoryBytes >= 90 * Gib ? 16384 : accelerator.MemoryBytes >= 60 * Gib ? 8192 : accelerator.MemoryBytes >= 35 * Gib ? 4096 : 2048,
        ServingEngine.TensorRtLlm => 8192,
        _ => IsLarge(accelerator) ? 8192 : 2048,
    };

    private double SglangReserve(Accelerator accelerator) => (512 + (1.5 * StepTokensOn(accelerator)) + (2.0 * SequencesOn(accelerator))) * (1 << 20);

    // vLLM leaves the A100 out of its list of large cards.
    private static bool IsLarge(Accelerator accelerator) => accelerator.MemoryBytes >= 70 * Gib && !accelerator.Key.StartsWith("a100", StringComparison.OrdinalIgnoreCase);
}
