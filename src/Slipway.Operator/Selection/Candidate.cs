using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Operator.Selection;

/// <summary>A runtime, looked at for one deployment.</summary>
internal sealed class Candidate(InferenceProviderConfig provider, Need need, DateTimeOffset now)
{
    // Providers of the shared API beat once a minute; three missed beats is what its own page calls stale.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);

    public string Name => provider.Metadata.Name!;

    public IReadOnlyList<SelectionRule> Rules => provider.Spec?.SelectionRules ?? [];

    /// <summary>Why this runtime cannot run the engine for the deployment; null when it can.</summary>
    public string? Objection(EngineType engine)
    {
        if (provider.Status?.Ready != true) return "is not ready";
        if (provider.Status.LastHeartbeat is { } beat && now - beat > s_silence) return $"has been silent since {beat:u}";
        var capability = provider.Spec?.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine);
        if (capability is null) return $"does not run {engine.Name()}";
        if (need.Gpu && capability.GpuSupport != true) return $"runs {engine.Name()} without GPUs only";
        if (!need.Gpu && capability.CpuSupport != true) return $"runs {engine.Name()} on GPUs only";
        var modes = capability.ServingModes ?? [ServingMode.Aggregated];
        return modes.Contains(need.Mode) ? null : $"does not serve {engine.Name()} {(need.Mode is ServingMode.Disaggregated ? "disaggregated" : "aggregated")}";
    }
}
