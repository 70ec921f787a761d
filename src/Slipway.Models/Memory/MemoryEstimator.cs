using Slipway.Models.Hardware;
using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>Computes what a model needs on a device. Pure; every formula is derived in docs/estimates.md.</summary>
public static class MemoryEstimator
{
    /// <summary>The memory of the fullest device of a replica.</summary>
    /// <param name="profile">The model; upper bounds are used where it has bounds.</param>
    /// <param name="accelerator">The device.</param>
    /// <param name="layout">How the replica is spread.</param>
    /// <param name="workload">What it shall hold at once.</param>
    /// <param name="settings">The engine and its settings.</param>
    public static MemoryEstimate Estimate(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(accelerator);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(settings);
        var parts = new List<MemoryPart>(7);
        var (weights, why) = WeightShards.Of(profile, layout, settings.Engine);
        parts.Add(new(MemoryPartKind.Weights, weights, true, why));
        var shards = Cache(profile, accelerator, layout, workload, settings);
        var sequences = workload.Concurrency;
        if (Bytes(shards.Cache(workload.ContextTokens) * sequences) is > 0 and var cache)
            parts.Add(new(MemoryPartKind.Cache, cache, true, $"{sequences} x {workload.ContextTokens} tokens, {shards.PerToken:0} bytes for each further one in {workload.Cache.Name}"));
        if (Bytes(shards.State * sequences) is > 0 and var state)
            parts.Add(new(MemoryPartKind.State, state, true, $"{sequences} x {shards.State:0} bytes of recurrent state"));
        StepMemory.Add(parts, profile, accelerator, layout, settings, workload);
        return Finish(parts, accelerator, settings);
    }

    /// <summary>Cache of one sequence on the fullest device.</summary>
    internal static CacheShards Cache(ModelProfile profile, Accelerator accelerator, Layout layout, Workload workload, EngineSettings settings) =>
        CacheShards.Of(profile, layout, workload.Cache, settings.Engine, settings.StepTokensOn(accelerator), workload.ContextTokens);

    private static MemoryEstimate Finish(List<MemoryPart> parts, Accelerator accelerator, EngineSettings settings)
    {
        var share = settings.ShareOn(accelerator);
        var device = accelerator.MemoryBytes;
        long inside = 0, outside = 0, fixedInside = 0;
        foreach (var part in parts)
        {
            if (part.Inside) inside += part.Bytes;
            else outside += part.Bytes;
            if (part.Inside && part.Kind is not (MemoryPartKind.Cache or MemoryPartKind.State)) fixedInside += part.Bytes;
        }

        // TensorRT-LLM's share is one of what is free after everything else; the other engines' is one of the card.
        var budget = settings.Engine switch
        {
            ServingEngine.TensorRtLlm => fixedInside + (long)(Math.Max(0, device - fixedInside - outside) * share),
            ServingEngine.LlamaCpp => device - outside,
            _ => (long)(device * share),
        };
        return new MemoryEstimate
        {
            Parts = parts,
            BudgetBytes = budget,
            DeviceBytes = device,
            ReservedBytes = settings.Engine == ServingEngine.LlamaCpp ? inside + outside : Math.Min(device, budget + outside),
        };
    }

    private static long Bytes(double value) => value >= long.MaxValue / 4 ? long.MaxValue / 4 : (long)Math.Ceiling(value);
}
