using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Slipway.Operator.Rollouts.Budgets;

/// <summary>Counts what the gates of each rollout asked since this process began.</summary>
internal sealed class AskMeters
{
    private readonly ConcurrentDictionary<string, AskMeter> _meters = new(StringComparer.Ordinal);

    /// <summary>The meter of a rollout.</summary>
    /// <param name="uid">Its uid.</param>
    public AskMeter Of(string? uid) => _meters.GetOrAdd(uid ?? "", static _ => new AskMeter());
}

/// <summary>Counts requests and tokens.</summary>
internal sealed class AskMeter
{
    private long _requests, _tokens;

    /// <summary>What was counted so far.</summary>
    public Asked Now => new(Interlocked.Read(ref _requests), Interlocked.Read(ref _tokens));

    /// <summary>What of it is written down; one rollout is looked at by one pass at a time.</summary>
    public Asked Written { get; set; }

    public void Ask() => Interlocked.Increment(ref _requests);

    public void Answer(long tokens) => Interlocked.Add(ref _tokens, tokens);
}

/// <summary>What gates asked.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens of prompts and answers.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Asked(long Requests, long Tokens)
{
    public Asked Since(Asked before) => new(Requests - before.Requests, Tokens - before.Tokens);
}
