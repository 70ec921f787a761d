using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Planning;

/// <summary>A model on one kind of accelerator: the fewest devices of a machine that hold it, and its speed there.</summary>
/// <param name="Accelerator">The kind.</param>
/// <param name="Fit">Whether and how it fits.</param>
/// <param name="Speed">How fast; null when it does not fit.</param>
public sealed record AcceleratorFit(Accelerator Accelerator, Fit Fit, SpeedEstimate? Speed)
{
    private const int MostDevices = 8;

    /// <summary>Whether it fits at all.</summary>
    public bool Fits => Fit.Verdict is FitVerdict.Fits or FitVerdict.Tight;

    /// <summary>Computes it.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="accelerator">The kind of accelerator.</param>
    /// <param name="traffic">The load.</param>
    /// <param name="settings">The engine and its settings.</param>
    /// <param name="cache">How keys and values are stored.</param>
    /// <param name="corrections">By how much estimates of the model are off where it was measured.</param>
    public static AcceleratorFit Of(ModelProfile profile, Accelerator accelerator, Traffic traffic, EngineSettings settings, KvCacheType cache, Corrections? corrections = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(traffic);
        var workload = new Workload((long)traffic.PromptTokens + traffic.OutputTokens, traffic.Concurrency) { Cache = cache };
        if (EngineDevices.Refusal(settings.Engine, accelerator) is { } refusal)
            return new(accelerator, new Fit { Verdict = FitVerdict.Refused, Reason = refusal, Layout = Layout.Single }, null);
        Fit? last = null;
        foreach (var tensor in LayoutRules.TensorSizes(profile, MostDevices, settings.Engine).DefaultIfEmpty(1))
        {
            var layout = new Layout(tensor);
            last = FitCheck.Check(profile, accelerator, layout, workload, settings);
            if (last.Verdict is FitVerdict.Fits or FitVerdict.Tight)
                return new(accelerator, last, SpeedModel.Estimate(profile, accelerator, layout, traffic, settings, cache, corrections?.On(accelerator, layout, settings.Engine)));
        }

        return new(accelerator, last!, null);
    }
}
