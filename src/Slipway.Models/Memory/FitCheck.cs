using Slipway.Models.Hardware;
using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Says whether a workload fits on devices of one kind, and how much would.</summary>
public static class FitCheck
{
    /// <summary>Below this share of the device left free, a fit is called tight: the measured rows err by less (docs/estimates.md).</summary>
    public const double TightShare = 0.03;

    private const long LongestContext = 16L << 20;

    /// <summary>Checks one layout.</summary>
    public static Fit Check(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workload.ContextTokens, nameof(workload));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workload.Concurrency, nameof(workload));
        var fit = Judge(profile, accelerator, layout, workload, settings);
        return fit.Verdict is FitVerdict.DoesNotFit ? fit with { Options = FitOptions.Of(profile, accelerator, layout, workload, settings, fit) } : fit;
    }

    /// <summary>The check without what would help.</summary>
    internal static Fit Judge(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings)
    {
        if (LayoutRules.Refusal(profile, layout, settings.Engine) is { } refusal) return new Fit { Verdict = FitVerdict.Refused, Reason = refusal, Layout = layout };
        if (profile.Context.Length is { } longest && workload.ContextTokens > longest)
            return new Fit { Verdict = FitVerdict.Refused, Reason = $"The model takes {longest} tokens, {workload.ContextTokens} are asked.", Layout = layout };
        var estimate = MemoryEstimator.Estimate(profile, accelerator, layout, workload, settings);
        var room = estimate.CacheRoomBytes;
        var left = room - estimate.CacheBytes;
        var verdict = left < 0 ? FitVerdict.DoesNotFit : left < accelerator.MemoryBytes * TightShare ? FitVerdict.Tight : FitVerdict.Fits;
        return new Fit
        {
            Verdict = verdict,
            Reason = Reason(estimate, room, left),
            Layout = layout,
            Estimate = estimate,
            LargestContext = Context(profile, accelerator, layout, workload, settings, room),
            LargestConcurrency = Concurrency(profile, accelerator, layout, workload, settings, room),
        };
    }

    private static string Reason(MemoryEstimate estimate, long room, long left) =>
        room < 0 ? $"Without any cache {Gib(-room)} GiB are missing on each device of {Gib(estimate.DeviceBytes)} GiB."
        : left < 0 ? $"Cache and state need {Gib(estimate.CacheBytes)} GiB on each device, and {Gib(room)} GiB are left for them."
        : $"{Gib(left)} GiB are left on each device of {Gib(estimate.DeviceBytes)} GiB.";

    /// <summary>Longest sequence of which the asked number fits: bytes grow with length, so halving finds it.</summary>
    private static long Context(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings, long room)
    {
        var highest = Math.Min(profile.Context.Length ?? LongestContext, LongestContext);
        var shards = MemoryEstimator.Cache(profile, accelerator, layout, workload with { ContextTokens = highest }, settings);
        // llama.cpp's mask grows with the context, too.
        var mask = settings.Engine == ServingEngine.LlamaCpp ? settings.StepTokensOn(accelerator) * 2.0 : 0;
        var spare = room + (mask * workload.ContextTokens * workload.Concurrency);
        long low = 0, high = highest;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var bytes = (shards.Cache(middle) + shards.State + (mask * middle)) * workload.Concurrency;
            if (bytes <= spare) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private static long Concurrency(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings, long room)
    {
        var shards = MemoryEstimator.Cache(profile, accelerator, layout, workload, settings);
        var mask = settings.Engine == ServingEngine.LlamaCpp ? settings.StepTokensOn(accelerator) * 2.0 * workload.ContextTokens : 0;
        var one = shards.Cache(workload.ContextTokens) + shards.State + mask;
        var spare = room + (mask * workload.Concurrency);
        if (spare < 0) return 0;
        // A model without a cache is bounded by its steps alone.
        return one <= 0 ? settings.SequencesOn(accelerator) : (long)Math.Min(spare / one, int.MaxValue);
    }

    private static string Gib(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
