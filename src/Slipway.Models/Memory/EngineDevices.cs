using Slipway.Models.Hardware;

namespace Slipway.Models.Memory;

/// <summary>Which devices an engine's own builds run on.</summary>
public static class EngineDevices
{
    /// <summary>Why an engine does not run on a device; <c>null</c> when it does, or nobody knows the device's maker.</summary>
    /// <remarks>
    /// vLLM and SGLang publish builds for NVIDIA, AMD and Intel GPUs; Trainium, Inferentia, TPU and Gaudi take plugins with rules of their own
    /// (vllm-neuron, tpu-inference, vllm-gaudi), which none of these estimates knows. TensorRT-LLM is NVIDIA's. llama.cpp has backends for GPUs of all makers.
    /// </remarks>
    public static string? Refusal(ServingEngine engine, Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        if (accelerator.Vendor.Length == 0) return null;
        var gpu = accelerator.Vendor is "nvidia" or "amd" or "intel" && !accelerator.Key.StartsWith("gaudi", StringComparison.Ordinal);
        return engine switch
        {
            ServingEngine.TensorRtLlm => accelerator.Vendor == "nvidia" ? null : $"TensorRT-LLM does not run on {accelerator.Name}.",
            ServingEngine.LlamaCpp => gpu || accelerator.Vendor == "apple" ? null : $"llama.cpp does not run on {accelerator.Name}.",
            _ => gpu ? null : $"{(engine == ServingEngine.Sglang ? "SGLang" : "vLLM")} runs on {accelerator.Name} only with a plugin, whose needs are not known here.",
        };
    }
}
