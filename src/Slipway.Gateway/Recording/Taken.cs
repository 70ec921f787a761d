namespace Slipway.Gateway.Recording;

/// <summary>A request that was taken down, and is to be written.</summary>
/// <param name="Capture">What was said.</param>
/// <param name="Started">When.</param>
/// <param name="Deployment">Who answered, as namespace/name.</param>
/// <param name="Path">What was asked for.</param>
/// <param name="Streamed">Whether the answer is a stream of events.</param>
/// <param name="Session">What its session is called in recordings; null for none.</param>
internal sealed record Taken(Capture Capture, DateTimeOffset Started, string Deployment, string Path, bool Streamed, string? Session)
{
    /// <summary>The namespace.</summary>
    public string Namespace => Deployment[..Deployment.IndexOf('/', StringComparison.Ordinal)];
}
