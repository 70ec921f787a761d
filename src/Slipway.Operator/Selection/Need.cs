using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.Selection;

/// <summary>What a deployment needs of a runtime.</summary>
/// <param name="Gpu">Whether it asks for GPUs.</param>
/// <param name="Mode">How requests are to be served.</param>
internal sealed record Need(bool Gpu, ServingMode Mode)
{
    public static Need Of(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        var gpus = new[] { spec.Resources?.Gpu?.Count, spec.Scaling?.Prefill?.Gpu?.Count, spec.Scaling?.Decode?.Gpu?.Count };
        return new Need(Array.Exists(gpus, g => g > 0), spec.Serving?.Mode ?? ServingMode.Aggregated);
    }

    public override string ToString() =>
        (Gpu ? "on GPUs" : "without a GPU") + (Mode is ServingMode.Disaggregated ? ", disaggregated" : "");
}
