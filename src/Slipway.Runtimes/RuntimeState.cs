using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes;

/// <summary>The state of a runtime's object, in the words of the shared API.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Reason">Why it is or is not ready, as one CamelCase word.</param>
/// <param name="Message">The same in words, with what to do.</param>
/// <param name="Replicas">Replica counts.</param>
/// <param name="Endpoint">Where it answers, once it does.</param>
/// <param name="Weights">Whether the weights are at hand; <see langword="null"/> when the runtime does not say.</param>
public sealed record RuntimeState(
    DeploymentPhase Phase, string Reason, string Message, ReplicaStatus Replicas, EndpointStatus? Endpoint, WeightsState? Weights)
{
    /// <summary>What is not as it should be although the model answers; becomes the condition `Degraded`.</summary>
    public Degradation? Degraded { get; init; }

    /// <summary>What became of the gangs, where it is not what was rendered; null where it is.</summary>
    public GangState? Gang { get; init; }
}

/// <summary>What is not as it should be although the model answers.</summary>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
public sealed record Degradation(string Reason, string Message);

/// <summary>Whether the weights of a model are at hand.</summary>
/// <param name="AtHand">Whether they are.</param>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words: what was loaded, how far the download is, or what is wrong.</param>
public sealed record WeightsState(bool AtHand, string Reason, string Message);
