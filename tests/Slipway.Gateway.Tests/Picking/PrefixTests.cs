using System.Buffers;
using System.Text;
using CsCheck;
using Slipway.Gateway.Picking;

namespace Slipway.Gateway.Tests.Picking;

public sealed class PrefixTests
{
    [Fact]
    public void Prompts_share_as_many_blocks_as_they_share_bytes_however_they_came() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[1, 5_000], Gen.Int[1, 5_000]).Sample(static (shared, part, other) =>
        {
            var same = new string('s', shared);
            var (left, right) = (Hash($"{same}1{new string('x', 5000)}", part), Hash($"{same}2{new string('x', 5000)}", other));
            var common = left.Zip(right).TakeWhile(static p => p.First == p.Second).Count();
            Assert.Equal(shared / PromptPrefix.BlockBytes, common);
            Assert.Equal((shared + 5001) / PromptPrefix.BlockBytes, left.Length);
        });

    [Fact]
    public void What_comes_before_the_prompt_does_not_matter()
    {
        var prompt = "\"messages\":[{\"role\":\"user\",\"content\":\"" + new string('q', 3000);
        Assert.Equal(Hash($$"""{"model":"m","seed":1,{{prompt}}""", 4096), Hash($$"""{"seed":12345,"model":"m","temperature":0.3,{{prompt}}""", 100));
    }

    [Fact]
    public void Of_a_very_long_prompt_the_beginning_is_looked_at() => Assert.Equal(PromptPrefix.MostBlocks, Hash(new string('q', 1_000_000), 4096).Length);

    [Fact]
    public void A_memory_knows_what_it_was_told_from_the_beginning_on()
    {
        var memory = new PrefixMemory();
        Assert.Equal(0, memory.Known([1, 2, 3]));
        memory.Remember([1, 2, 3]);
        Assert.Equal((3, 2, 0), (memory.Known([1, 2, 3, 4]), memory.Known([1, 2, 9, 3]), memory.Known([9, 1, 2])));
        memory.Forget();
        Assert.Equal(0, memory.Known([1, 2, 3]));
    }

    [Fact]
    public void A_full_memory_forgets_the_prompts_of_long_ago_and_keeps_those_in_use()
    {
        var memory = new PrefixMemory();
        var random = new Random(1);
        ulong[] Prompt() => [.. Enumerable.Range(0, 64).Select(_ => (ulong)random.NextInt64(1, long.MaxValue))];
        var (used, old) = (Prompt(), Prompt());
        memory.Remember(old);
        for (var i = 0; i < 4 * PrefixMemory.Blocks / 64; i++)
        {
            memory.Remember(used);
            memory.Remember(Prompt());
        }

        Assert.Equal((64, 0), (memory.Known(used), memory.Known(old)));
    }

    [Fact]
    public void A_retry_is_had_for_five_requests_once_the_reserve_is_gone()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 1000; i++) budget.Earn();
        Assert.Equal(RetryBudget.Reserve, Enumerable.Range(0, 200).Count(_ => budget.TrySpend()));
        for (var i = 0; i < 4; i++) budget.Earn();
        Assert.False(budget.TrySpend());
        budget.Earn();
        Assert.True(budget.TrySpend());
    }

    private static ulong[] Hash(string text, int part)
    {
        var blocks = new ulong[2 * PromptPrefix.MostBlocks];
        return blocks[..PromptPrefix.Hash(Parts(Encoding.UTF8.GetBytes(text), part), blocks)];
    }

    private static ReadOnlySequence<byte> Parts(byte[] bytes, int part)
    {
        var first = new Part(bytes.AsMemory(0, Math.Min(part, bytes.Length)), 0);
        var last = first;
        for (var at = part; at < bytes.Length; at += part) last = last.Then(bytes.AsMemory(at, Math.Min(part, bytes.Length - at)));
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
