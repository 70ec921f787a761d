using System.Buffers;
using System.Collections.Immutable;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Picking;

/// <summary>Picks engines as they stand now, and takes trials.</summary>
internal static class Picks
{
    // Of more replicas than that, as many are looked at, from a place by chance.
    private const int MostLookedAt = 64;

    /// <summary>Picks one for a prompt, and notes that it has it.</summary>
    /// <param name="backends">The engines, at least one.</param>
    /// <param name="body">The request's body, as much of it as there is.</param>
    /// <param name="time">The clock.</param>
    public static Backend ForPrompt(ImmutableArray<Backend> backends, in ReadOnlySequence<byte> body, TimeProvider time)
    {
        Span<ulong> blocks = stackalloc ulong[PromptPrefix.MostBlocks];
        blocks = blocks[..PromptPrefix.Hash(body, blocks)];
        var backend = Pick(backends, blocks, time);
        backend.Prefixes.Remember(blocks);
        return backend;
    }

    /// <summary>Picks one, whatever the prompt.</summary>
    /// <param name="backends">The engines, at least one.</param>
    /// <param name="time">The clock.</param>
    public static Backend Any(ImmutableArray<Backend> backends, TimeProvider time) => Pick(backends, [], time);

    private static Backend Pick(ImmutableArray<Backend> backends, ReadOnlySpan<ulong> blocks, TimeProvider time)
    {
        if (backends.Length == 1) return backends[0];
        var (count, offset) = (Math.Min(backends.Length, MostLookedAt), Random.Shared.Next(backends.Length));
        Span<Replica> replicas = stackalloc Replica[count];
        for (var i = 0; i < count; i++)
        {
            var backend = backends[(offset + i) % backends.Length];
            replicas[i] = new Replica(backend.InFlight, backend.Prefixes.Known(blocks), backend.Breaker.State(time));
        }

        while (true)
        {
            var at = ReplicaPicker.Pick(replicas, 0);
            var picked = backends[(offset + at) % backends.Length];
            if (replicas[at].State is not BreakerState.Due || picked.Breaker.TryTrial(time)) return picked;
            // Another request was quicker.
            replicas[at] = replicas[at] with { State = BreakerState.Open };
        }
    }
}
