using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Planning;

/// <summary>What was measured of one model: by how much its estimates are off, device by device.</summary>
/// <param name="Learned">All that was learned.</param>
/// <param name="Model">The model, as deployments name it.</param>
/// <param name="Quantization">Which of several packings; null for the only one.</param>
public sealed record Corrections(LearnedSpeed Learned, string Model, string? Quantization)
{
    /// <summary>Nothing was measured.</summary>
    public static Corrections None { get; } = new(LearnedSpeed.None, "", null);

    /// <summary>The correction for a device and a layout; null where the model never ran so.</summary>
    public SpeedCorrection? On(Accelerator accelerator, Layout layout, ServingEngine engine)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return Learned.Correction(Model, Quantization, engine, accelerator.Key, layout);
    }
}
