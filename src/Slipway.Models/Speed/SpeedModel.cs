using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;

namespace Slipway.Models.Speed;

/// <summary>Estimates the speed of a replica by a roofline with measured constants. <c>docs/estimates.md</c> derives it.</summary>
public static class SpeedModel
{
    /// <summary>The measured error that nine in ten rows stayed within when their model or their accelerator was left out of the fit, as a factor.</summary>
    public const double BandFactor = 1.5;

    /// <summary>The same where the model was measured under another load in the same layout.</summary>
    public const double LearnedBandFactor = 1.4;

    /// <summary>The same for first tokens.</summary>
    public const double FirstTokenBandFactor = 2;

    /// <summary>How much wider a band is outside of what was calibrated: a guess, and named as one wherever it is shown.</summary>
    public const double OutsideFactor = 1.6;

    /// <summary>Estimates.</summary>
    /// <param name="profile">The model.</param>
    /// <param name="accelerator">The devices, all alike.</param>
    /// <param name="layout">How the replica is spread over them.</param>
    /// <param name="traffic">The load.</param>
    /// <param name="settings">The engine and its settings.</param>
    /// <param name="cache">How keys and values are stored; 16 bits unless said.</param>
    /// <param name="correction">By how much estimates of just this are off, as learned from what runs.</param>
    /// <returns>The estimate; <c>null</c> when the accelerator's bandwidth or arithmetic is not known, or not one sequence fits.</returns>
    public static SpeedEstimate? Estimate(
        ModelProfile profile, Accelerator accelerator, Layout layout, Traffic traffic, EngineSettings settings, KvCacheType? cache = null, SpeedCorrection? correction = null)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(traffic.PromptTokens, nameof(traffic));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(traffic.OutputTokens, nameof(traffic));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(traffic.Concurrency, nameof(traffic));
        cache ??= KvCacheType.Bits16;
        var running = Running(profile, accelerator, layout, traffic, settings, cache);
        if (running == 0 || StepTerms.Of(profile, accelerator, layout, traffic, settings.Engine, cache, running) is not { } terms) return null;
        // What was measured on the device is no longer outside of what is known; a load that is unlike any still is.
        var outside = correction is null ? Calibration.Outside(profile, accelerator, layout, traffic, settings.Engine) : Calibration.Outside(traffic);
        return Of(terms, CalibratedSpeed.Constants, running, traffic, layout, outside, correction);
    }

    /// <summary>How many of the asked sequences run at once: as many as memory holds at their mean length, and at most what the engine takes in a step.</summary>
    public static int Running(ModelProfile profile, Accelerator accelerator, Layout layout, Traffic traffic, EngineSettings settings, KvCacheType cache)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(settings);
        var most = Math.Min(traffic.Concurrency, settings.SequencesOn(accelerator));
        var whole = (long)traffic.PromptTokens + traffic.OutputTokens;
        var fit = FitCheck.Judge(profile, accelerator, layout, new Workload(whole, 1) { Cache = cache }, settings);
        return fit.Verdict switch
        {
            FitVerdict.Refused or FitVerdict.DoesNotFit => 0,
            // Answers are half written on average, so that more run than would fit at their full length.
            _ => (int)Math.Max(1, Math.Min(most, fit.LargestConcurrency * whole / traffic.MeanContext)),
        };
    }

    private static SpeedEstimate Of(in StepTerms t, SpeedConstants c, int running, Traffic traffic, Layout layout, IReadOnlyList<string> outside, SpeedCorrection? correction)
    {
        var wider = outside.Count > 0 ? OutsideFactor : 1;
        var factor = (correction is null ? BandFactor : LearnedBandFactor) * wider;
        var off = correction?.InterToken ?? 1;
        var step = StepTime.Step(t, c) * off;
        var prompt = StepTime.Prompt(t, c) * off;
        var gap = StepTime.InterToken(t, c) * off;
        var first = FirstToken(t, c) * (correction?.FirstToken ?? 1);
        var perSecond = running / (first + (gap * traffic.OutputTokens));
        // Stages of a pipeline work on different sequences at the same time.
        var output = Band.Around(perSecond * traffic.OutputTokens, factor);
        return new SpeedEstimate
        {
            FirstTokenSeconds = Band.Around(first, FirstTokenBandFactor * wider),
            InterTokenSeconds = Band.Around(gap, factor),
            OutputTokensPerSecond = output,
            PromptTokensPerSecond = Band.Around(perSecond * traffic.PromptTokens, factor),
            Running = running,
            SecondsPerPromptToken = prompt / traffic.PromptTokens / layout.Pipeline,
            SecondsPerOutputToken = step / running,
            Parts = Parts(t, c, off),
            Outside = outside,
            Learned = correction,
        };
    }

    internal static double FirstToken(in StepTerms t, SpeedConstants c) =>
        (CalibratedSpeed.FirstTokenSteps * StepTime.Step(t, c))
        + ((CalibratedSpeed.FirstTokenPrompts + (CalibratedSpeed.FirstTokenPromptsAhead * t.Running)) * StepTime.Prompt(t, c));

    private static IReadOnlyList<SpeedPart> Parts(in StepTerms t, SpeedConstants c, double off)
    {
        var engine = StepTime.Factor(t.Engine, c.SglangStep, c.TensorRtStep);
        var step = StepTime.Step(t, c);
        var weights = ((t.Dense / c.DenseRead) + (t.Experts / c.ExpertRead)) * engine;
        var cache = t.Cache / c.CacheRead * engine;
        var exchange = ((t.Layers * c.ExchangeSeconds * t.Doublings) + (t.Exchange / StepTime.LinkShare)) * engine;
        var overhead = ((t.Layers * c.LayerSeconds) + (t.ExpertLayers * c.RoutingSeconds) + (c.SequenceSeconds * t.Running) + c.StepSeconds) * engine;
        SpeedPart[] parts =
        [
            new(SpeedPartKind.Weights, weights), new(SpeedPartKind.Cache, cache), new(SpeedPartKind.Exchange, exchange), new(SpeedPartKind.Overhead, overhead),
            new(SpeedPartKind.Prompts, StepTime.InterToken(t, c) - step), new(SpeedPartKind.Compute, step - weights - cache - exchange - overhead),
        ];
        return [.. parts.Select(p => p with { Seconds = p.Seconds * off }).OrderByDescending(static p => p.Seconds)];
    }
}
