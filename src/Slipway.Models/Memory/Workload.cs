using Slipway.Models.Profiles;

namespace Slipway.Models.Memory;

/// <summary>What a replica shall hold at once.</summary>
/// <param name="ContextTokens">Tokens of one sequence, prompt and answer together.</param>
/// <param name="Concurrency">Sequences of that length at the same time.</param>
public sealed record Workload(long ContextTokens, int Concurrency = 1)
{
    /// <summary>How keys and values are stored.</summary>
    public KvCacheType Cache { get; init; } = KvCacheType.Bits16;
}
