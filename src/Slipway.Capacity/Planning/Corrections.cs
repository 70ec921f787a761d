using System.Collections.Immutable;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Planning;

/// <summary>What was measured of one model: by how much its estimates are off, device by device.</summary>
public sealed class Corrections
{
    // Found once: a plan asks for hundreds of layouts.
    private readonly ImmutableArray<SpeedObservation> _own;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="learned">All that was learned.</param>
    /// <param name="model">The model, as deployments name it.</param>
    /// <param name="quantization">Which of several packings; null for the only one.</param>
    public Corrections(LearnedSpeed learned, string model, string? quantization)
    {
        ArgumentNullException.ThrowIfNull(learned);
        _own = [.. learned.Of(model).Where(o => o.Quantization == quantization)];
    }

    /// <summary>Nothing was measured.</summary>
    public static Corrections None { get; } = new(LearnedSpeed.None, "", null);

    /// <summary>The correction for a device and a layout; null where the model never ran so.</summary>
    public SpeedCorrection? On(Accelerator accelerator, Layout layout, ServingEngine engine)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return _own.IsEmpty ? null : LearnedSpeed.Correction(_own, engine, accelerator.Key, layout);
    }
}
