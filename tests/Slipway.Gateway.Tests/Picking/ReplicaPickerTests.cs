using CsCheck;
using Slipway.Gateway.Picking;

namespace Slipway.Gateway.Tests.Picking;

public sealed class ReplicaPickerTests
{
    private static readonly Gen<Replica[]> s_replicas = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 6], Gen.Enum<BreakerState>(), static (busy, known, state) => new Replica(busy, known, state)).Array[1, 12];
    private static readonly Gen<(Replica[] Replicas, int Start)> s_cases = Gen.Select(s_replicas, Gen.Int[0, 100]);

    [Fact]
    public void Nobody_is_picked_of_nobody() => Assert.Equal(-1, ReplicaPicker.Pick([], 0));

    [Fact]
    public void One_that_is_left_alone_is_picked_only_where_all_are() => s_cases.Sample(static c =>
    {
        var picked = c.Replicas[ReplicaPicker.Pick(c.Replicas, c.Start)];
        if (picked.State is BreakerState.Open) Assert.DoesNotContain(c.Replicas, static r => r.State is BreakerState.Closed);
        if (picked.State is BreakerState.Closed) Assert.DoesNotContain(c.Replicas, static r => r.State is BreakerState.Due);
    });

    [Fact]
    public void Whoever_is_picked_for_what_it_knows_has_not_much_more_than_its_share_and_knows_most_of_those() => s_cases.Sample(static c =>
    {
        var picked = c.Replicas[ReplicaPicker.Pick(c.Replicas, c.Start)];
        if (picked.State is not BreakerState.Closed) return;
        var closed = c.Replicas.Where(static r => r.State is BreakerState.Closed).ToList();
        var most = 1.5 * closed.Average(static r => r.InFlight) + 2;
        var knowing = closed.Where(r => r.Known > 0 && r.InFlight <= most).ToList();
        if (knowing.Count == 0) Assert.Equal(closed.Min(static r => r.InFlight), picked.InFlight);
        else Assert.Equal(knowing.OrderByDescending(static r => r.Known).ThenBy(static r => r.InFlight).First(), picked);
    });

    [Fact]
    public void Equals_share_the_work()
    {
        var replicas = Enumerable.Repeat(new Replica(3, 2, BreakerState.Closed), 5).ToArray();
        Assert.Equal(5, Enumerable.Range(0, 5).Select(start => ReplicaPicker.Pick(replicas, start)).Distinct().Count());
    }

    // A hot prompt goes first where it is known, and spreads once that engine has more than its share.
    [Theory]
    [InlineData(2, 30)]
    [InlineData(5, 100)]
    public void A_hot_prompt_overloads_nobody(int replicas, int requests)
    {
        var busy = new int[replicas];
        var known = new int[replicas];
        for (var i = 0; i < requests; i++)
        {
            var at = ReplicaPicker.Pick(busy.Zip(known, static (b, k) => new Replica(b, k, BreakerState.Closed)).ToArray(), i);
            busy[at]++;
            known[at] = 10;
        }

        Assert.True(busy.Max() <= 1.5 * busy.Average() + 3, string.Join(" ", busy));
    }
}
