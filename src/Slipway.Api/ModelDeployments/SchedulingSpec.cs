namespace Slipway.Api.ModelDeployments;

/// <summary>When and with whom the model's pods are let start.</summary>
public sealed record SchedulingSpec
{
    /// <summary>The LocalQueue of Kueue in the same namespace that lets the model start once its ClusterQueue has quota for it; without one it starts at once.</summary>
    public string? QueueName { get; init; }
}
