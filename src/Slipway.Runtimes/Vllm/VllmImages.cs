using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Vllm;

/// <summary>The engines' images, each of a released version.</summary>
public static class VllmImages
{
    /// <summary>vLLM for NVIDIA GPUs, of 2026-08.</summary>
    public const string Vllm = "vllm/vllm-openai:v0.26.0";

    /// <summary>SGLang for NVIDIA GPUs, of 2026-08.</summary>
    public const string SgLang = "lmsysorg/sglang:v0.5.16";

    /// <summary>The image of a deployment: its own, or the engine's.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <returns>The reference.</returns>
    public static string Of(ModelDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var spec = deployment.Spec;
        return spec.Engine?.Image ?? spec.Image ?? (spec.Engine?.Type is EngineType.SgLang ? SgLang : Vllm);
    }
}
