namespace Slipway.Models.Memory;

/// <summary>An engine whose rules of memory are known.</summary>
public enum ServingEngine
{
    /// <summary>vLLM: takes a share of the card; what weights and activations leave of it is cache.</summary>
    Vllm,

    /// <summary>SGLang: takes a share for weights and cache; activations and graphs come beside it.</summary>
    Sglang,

    /// <summary>TensorRT-LLM: takes a share of what is free after weights and activations for cache.</summary>
    TensorRtLlm,

    /// <summary>llama.cpp: takes what it needs, no more.</summary>
    LlamaCpp,
}
