using System.Buffers;
using System.IO.Hashing;

namespace Slipway.Gateway.Picking;

/// <summary>
/// Tells by which blocks a prompt begins. Each block's hash is that of all of the prompt up to its end, so that two prompts share their first n hashes exactly when they share their first n blocks. Bytes are compared and
/// not tokens: to tokenize a long prompt costs more than what is saved.
/// </summary>
public static class PromptPrefix
{
    /// <summary>Bytes of a block, about 128 tokens.</summary>
    public const int BlockBytes = 512;

    /// <summary>Blocks that are looked at: prompts that begin with the same 256 KB are taken for alike.</summary>
    public const int MostBlocks = 512;

    /// <summary>How much of a body is of interest at most: the blocks, and what may come before the prompt.</summary>
    public const int MostBytes = BlockBytes * MostBlocks + LongestLead;

    // Settings that come before the prompt differ between requests of one conversation.
    private const int LongestLead = 1024;

    /// <summary>Hashes the leading blocks of a request's prompt.</summary>
    /// <param name="body">The request's body, as much of it as there is.</param>
    /// <param name="blocks">Where the hashes go, <see cref="MostBlocks"/> of them at most.</param>
    /// <returns>How many there are; 0 for a short prompt.</returns>
    public static int Hash(in ReadOnlySequence<byte> body, Span<ulong> blocks)
    {
        Span<byte> block = stackalloc byte[LongestLead];
        var rest = body.Slice(Lead(body, block));
        var count = 0;
        var hash = 0UL;
        for (; count < Math.Min(blocks.Length, MostBlocks) && rest.Length >= BlockBytes; count++)
        {
            // Kestrel's memory comes in parts of 4 KB, of which a block seldom crosses an edge.
            var bytes = rest.FirstSpan.Length >= BlockBytes ? rest.FirstSpan[..BlockBytes] : Copy(rest, block);
            hash = XxHash3.HashToUInt64(bytes, (long)hash);
            // 0 stands for an empty place in memories.
            blocks[count] = hash == 0 ? 1 : hash;
            rest = rest.Slice(BlockBytes);
        }

        return count;
    }

    private static ReadOnlySpan<byte> Copy(in ReadOnlySequence<byte> from, Span<byte> to)
    {
        from.Slice(0, BlockBytes).CopyTo(to);
        return to[..BlockBytes];
    }

    private static long Lead(in ReadOnlySequence<byte> body, Span<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, body.Length);
        body.Slice(0, length).CopyTo(buffer);
        var first = length;
        foreach (var name in (ReadOnlySpan<byte[]>)s_names)
        {
            if (buffer[..length].IndexOf(name) is var at && at >= 0 && at < first) first = at;
        }

        return first == length ? 0 : first;
    }

    // Where the prompt is in the requests that are taken here.
    private static readonly byte[][] s_names = ["\"messages\""u8.ToArray(), "\"prompt\""u8.ToArray(), "\"input\""u8.ToArray(), "\"system\""u8.ToArray(), "\"tools\""u8.ToArray(), "\"instructions\""u8.ToArray()];
}
