using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;

namespace Slipway.Operator.Selection;

/// <summary>A runtime, looked at for one deployment.</summary>
internal sealed class Candidate(InferenceProviderConfig provider, Need need, DateTimeOffset now, bool named, Func<EngineType, string?> refusal)
{
    // Providers of the shared API beat once a minute; three missed beats is what its own page calls stale.
    internal static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    public string Name => provider.Metadata.Name!;

    public IReadOnlyList<SelectionRule> Rules => provider.Spec?.SelectionRules ?? [];

    public EngineCapability? Capability(EngineType engine) => provider.Spec?.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine);

    /// <summary>Why this runtime cannot run the engine for the deployment; null when it can.</summary>
    public string? Objection(EngineType engine)
    {
        if (!named && Rules.Count == 0) return "is chosen by name only (spec.provider.name), for it has no selection rules";
        if (provider.Status?.Ready != true) return NotReady();
        if (provider.Status.LastHeartbeat is { } beat && now - beat > Silence) return $"has been silent since {beat:u}";
        var capability = Capability(engine);
        if (capability is null) return $"does not run {engine.Name()}";
        if (need.Gpu == true && capability.GpuSupport != true) return $"runs {engine.Name()} without GPUs only";
        if (need.Gpu == false && capability.CpuSupport != true) return $"runs {engine.Name()} on GPUs only";
        var modes = capability.ServingModes ?? [ServingMode.Aggregated];
        if (!modes.Contains(need.Mode)) return $"does not serve {engine.Name()} {(need.Mode is ServingMode.Disaggregated ? "disaggregated" : "aggregated")}";
        // Asked for by name, a runtime is taken at the user's word, and says for itself what it cannot do.
        return named ? null : refusal(engine);
    }

    private string NotReady()
    {
        var why = provider.Status?.Conditions?.FirstOrDefault(c => c.Status is Api.Meta.ConditionStatus.False)?.Message;
        return why is null ? "is not ready" : $"is not ready: {why}";
    }
}
