using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.Selection;

/// <summary>What a deployment needs of a runtime.</summary>
/// <param name="Gpu">Whether it asks for GPUs; <see langword="null"/> when the manifest leaves it open, and the runtime's way will do.</param>
/// <param name="Mode">How requests are to be served.</param>
/// <param name="Gguf">Whether it names a GGUF file, which llama.cpp alone reads.</param>
internal sealed record Need(bool? Gpu, ServingMode Mode, bool Gguf)
{
    public static Need Of(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        var gpus = new[] { spec.Resources?.Devices(), spec.Scaling?.Prefill?.Devices(), spec.Scaling?.Decode?.Devices() };
        bool? gpu = spec.Resources?.Accelerators is not null || Array.Exists(gpus, g => g > 0) ? true : Array.Exists(gpus, g => g == 0) ? false : null;
        return new Need(gpu, spec.Serving?.Mode ?? ServingMode.Aggregated, spec.Model is { Quantization: not null } or { File: not null });
    }

    /// <summary>Whether an engine can serve the model at all.</summary>
    public bool Allows(EngineType engine) => !Gguf || engine is EngineType.LlamaCpp;

    public override string ToString() =>
        (Gpu switch { true => " on GPUs", false => " without a GPU", null => "" }) + (Mode is ServingMode.Disaggregated ? (Gpu is null ? " disaggregated" : ", disaggregated") : "");
}
