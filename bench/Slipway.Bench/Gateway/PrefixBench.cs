using System.Buffers;
using System.Diagnostics;
using System.Text;
using Slipway.Gateway.Picking;

namespace Slipway.Bench.Gateway;

/// <summary>What picking one of two engines by a long prompt takes by itself.</summary>
internal static class PrefixBench
{
    private const int Rounds = 50;
    private const int Each = 20;

    /// <param name="bytes">The prompt's length.</param>
    /// <returns>Microseconds of one pick: the least and the median of 50 rounds of 20.</returns>
    public static (double Least, double Median) Run(int bytes)
    {
        var body = Body(Encoding.ASCII.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"{{new string('q', bytes)}}"}]}"""));
        PrefixMemory[] memories = [new(), new()];
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(body, memories)).Order().ToList();
        return (rounds[0], rounds[Rounds / 2]);
    }

    private static double Round(in ReadOnlySequence<byte> body, PrefixMemory[] memories)
    {
        Span<ulong> blocks = stackalloc ulong[PromptPrefix.MostBlocks];
        Span<Replica> replicas = stackalloc Replica[memories.Length];
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Each; i++)
        {
            var prompt = blocks[..PromptPrefix.Hash(body, blocks)];
            for (var at = 0; at < memories.Length; at++) replicas[at] = new Replica(0, memories[at].Known(prompt), BreakerState.Closed);
            memories[ReplicaPicker.Pick(replicas, i)].Remember(prompt);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Each;
    }

    // In parts of 4 KB, as Kestrel has it.
    private static ReadOnlySequence<byte> Body(byte[] bytes)
    {
        var first = new Part(bytes.AsMemory(0, Math.Min(4096, bytes.Length)), 0);
        var last = first;
        for (var at = 4096; at < bytes.Length; at += 4096) last = last.Then(bytes.AsMemory(at, Math.Min(4096, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Part Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Part(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
