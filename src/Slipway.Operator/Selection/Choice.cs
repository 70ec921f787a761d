using Slipway.Api.ModelDeployments;

namespace Slipway.Operator.Selection;

/// <summary>Which engine and runtime serve a deployment, or why none does.</summary>
/// <param name="Engine">The engine, once there is one.</param>
/// <param name="EngineReason">Why this engine, or why none.</param>
/// <param name="Provider">The runtime, once there is one.</param>
/// <param name="ProviderReason">Why this runtime, or why none.</param>
/// <param name="Candidates">Every runtime that was looked at, by name; <see langword="null"/> when nothing was looked at anew.</param>
public sealed record Choice(
    EngineType? Engine, string EngineReason, string? Provider, string ProviderReason, IReadOnlyList<CandidateStatus>? Candidates = null);
