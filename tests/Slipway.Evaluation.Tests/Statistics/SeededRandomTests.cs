using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

public sealed class SeededRandomTests
{
    // Published for splitmix64 with this seed.
    [Fact]
    public void The_numbers_are_those_of_the_algorithm()
    {
        var random = new SeededRandom(1234567);
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void All_numbers_below_a_bound_come_alike()
    {
        var (random, counts) = (new SeededRandom(1), new int[7]);
        for (var i = 0; i < 70_000; i++) counts[random.Next(7)]++;
        Assert.All(counts, static c => Assert.InRange(c, 9_500, 10_500));
    }

    [Fact]
    public void A_shuffle_keeps_everything_and_is_the_same_for_the_same_seed()
    {
        int[] Shuffled(ulong seed)
        {
            var items = Enumerable.Range(0, 100).ToArray();
            new SeededRandom(seed).Shuffle<int>(items);
            return items;
        }

        Assert.Equal(Shuffled(5), Shuffled(5));
        Assert.NotEqual(Shuffled(5), Shuffled(6));
        Assert.Equal(Enumerable.Range(0, 100), Shuffled(5).Order());
    }
}
