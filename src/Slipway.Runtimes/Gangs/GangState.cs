namespace Slipway.Runtimes.Gangs;

/// <summary>Whether the pods of one replica that spans nodes start together or not at all; becomes the condition `GangScheduled`.</summary>
/// <param name="Together">Whether they do; null where another operator decides it.</param>
/// <param name="Reason">Why, as one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
public sealed record GangState(bool? Together, string Reason, string Message)
{
    /// <summary>Why the deployment must not be made, or changed, as things are: it asks for what the cluster cannot; null where it does not.</summary>
    public string? Waits { get; init; }
}
