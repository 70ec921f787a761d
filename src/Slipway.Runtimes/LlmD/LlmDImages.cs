using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes.LlmD;

/// <summary>The images of llm-d, each of a released version; the proxy is released together with the endpoint picker.</summary>
public static class LlmDImages
{
    /// <summary>vLLM for NVIDIA GPUs; the version of llm-d's own guides.</summary>
    public const string Vllm = VllmImages.Vllm;

    /// <summary>The proxy that fetches the prefill before a decode pod goes on with a request, of llm-d-router 0.10.0.</summary>
    public const string RoutingProxy = "ghcr.io/llm-d/llm-d-router-disagg-sidecar:v0.10.0";
}
