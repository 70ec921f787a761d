namespace Slipway.Api.Rollouts;

/// <summary>A limit in time for requests of one size: long prompts take longer, and are compared with their like.</summary>
public sealed record SizedLimit
{
    /// <summary>The largest request that it is for, bytes of its body; larger ones than any of the others' where absent.</summary>
    public long? UpToBytes { get; init; }

    /// <summary>The limit, seconds.</summary>
    public required double LimitSeconds { get; init; }
}
