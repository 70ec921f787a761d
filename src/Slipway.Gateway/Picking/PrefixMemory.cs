using System.Numerics;

namespace Slipway.Gateway.Picking;

/// <summary>
/// Which beginnings of prompts an engine has seen lately, and so is likely to have in its cache: a fixed number of blocks, whatever the traffic. Blocks are kept eight to a place; there the one not used for longest
/// makes room. Threads may write over each other: then a block is forgotten, which costs an engine some work and nobody an answer.
/// </summary>
public sealed class PrefixMemory
{
    /// <summary>Blocks that are kept: 16 MB of prompts, 256 KB of memory.</summary>
    public const int Blocks = 32 * 1024;

    private const int Ways = 8;

    // Of nobody's use while a deployment has one engine, so not made before.
    private ulong[]? _blocks;

    /// <summary>How many of a prompt's leading blocks are known.</summary>
    /// <param name="prompt">Its blocks; see <see cref="PromptPrefix"/>.</param>
    public int Known(ReadOnlySpan<ulong> prompt)
    {
        if (Volatile.Read(ref _blocks) is not { } blocks) return 0;
        var known = 0;
        while (known < prompt.Length && Place(blocks, prompt[known]).Contains(prompt[known])) known++;
        return known;
    }

    /// <summary>Remembers a prompt that the engine is given.</summary>
    /// <param name="prompt">Its blocks.</param>
    public void Remember(ReadOnlySpan<ulong> prompt)
    {
        if (prompt.IsEmpty) return;
        var blocks = Volatile.Read(ref _blocks) ?? Interlocked.CompareExchange(ref _blocks, new ulong[Blocks], null) ?? _blocks;
        // The end first: a beginning without its end is of use, an end without its beginning is not, and so the beginning has to be the newer one.
        for (var i = prompt.Length - 1; i >= 0; i--)
        {
            var place = Place(blocks, prompt[i]);
            var at = place.IndexOf(prompt[i]);
            place[..(at < 0 ? Ways - 1 : at)].CopyTo(place[1..]);
            place[0] = prompt[i];
        }
    }

    /// <summary>Forgets all of it: the engine was restarted, or is about to be.</summary>
    public void Forget() => Volatile.Write(ref _blocks, null);

    // By the high bits of a product, so that hashes that are alike in their low bits do not meet.
    private static Span<ulong> Place(ulong[] blocks, ulong block) =>
        blocks.AsSpan((int)(block * 0x9E3779B97F4A7C15UL >> (64 - BitOperations.Log2(Blocks / Ways))) * Ways, Ways);
}
