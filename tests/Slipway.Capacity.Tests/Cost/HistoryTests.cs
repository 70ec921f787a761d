using CsCheck;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Tests.Inventory;

namespace Slipway.Capacity.Tests.Cost;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Time_is_shared_out_to_hours_and_days()
    {
        var history = new CostHistory();
        Assert.True(history.Add(s_start.AddMinutes(-30), s_start.AddMinutes(90), Cost(8)));
        Assert.Equal([30.0, 60, 30], history.ByHour().Select(static b => b.Seen.TotalMinutes));
        Assert.Equal([27.52m, 55.04m, 27.52m], history.ByHour().Select(static b => b.ByNamespace["team"].Amount!.Value));
        Assert.Equal([s_start.AddDays(-1), s_start], history.ByDay().Select(static b => b.Start));
        Assert.Equal(82.56m, history.SpentThisMonth("team", s_start.AddDays(3)).Amount);
        Assert.Equal(0m, history.SpentThisMonth("other", s_start.AddDays(3)).Amount);
    }

    [Fact]
    public void Memory_has_a_bound_and_the_oldest_goes()
    {
        var history = new CostHistory();
        for (var day = 0; day < 500; day++) history.Add(s_start.AddDays(day), s_start.AddDays(day + 1), Cost(4));
        Assert.Equal(CostHistory.Hours, history.ByHour().Length);
        Assert.Equal(CostHistory.Days, history.ByDay().Length);
        Assert.Equal(s_start.AddDays(100), history.ByDay()[0].Start);
        Assert.False(history.Add(s_start, s_start.AddHours(1), Cost(4)));
    }

    [Fact]
    public void A_bucket_has_room_for_so_many_namespaces()
    {
        var history = new CostHistory();
        history.Add(s_start, s_start.AddHours(1), Cost(1, Enumerable.Range(0, 500).Select(static i => $"n{i:000}")));
        var bucket = Assert.Single(history.ByHour());
        Assert.InRange(bucket.ByNamespace.Count, 1, 201);
        Assert.True(bucket.ByNamespace[CostBucket.Others].Amount > 0);
        Assert.Equal(55.04m, bucket.ByNamespace.Values.Sum(static s => s.Amount!.Value) + bucket.Idle.Amount!.Value);
    }

    [Fact]
    public void A_gap_is_not_made_up_and_a_wrong_stretch_is_refused()
    {
        var history = new CostHistory();
        history.Add(s_start, s_start.AddMinutes(10), Cost(8));
        history.Add(s_start.AddMinutes(50), s_start.AddMinutes(60), Cost(8));
        Assert.Equal(20, Assert.Single(history.ByHour()).Seen.TotalMinutes);
        Assert.False(history.Add(s_start, s_start, Cost(8)));
        Assert.False(history.Add(s_start.AddHours(1), s_start, Cost(8)));
        Assert.False(history.Add(s_start, s_start.AddDays(2), Cost(8)));
    }

    [Fact]
    public void What_was_written_is_read_back() => Gen.Select(Gen.Int[1, 2000], Gen.Int[1, 90], Gen.Int[0, 8]).Array[1, 12].Sample(static stretches =>
    {
        var history = new CostHistory();
        var at = s_start;
        foreach (var (gap, minutes, gpus) in stretches)
        {
            at = at.AddMinutes(gap);
            history.Add(at, at.AddMinutes(minutes), gpus == 7 ? ClusterCost.Of(InventoryTestCluster(["te,\"am"], 1, provider: ""), PriceBook.Bundled) : Cost(gpus));
            at = at.AddMinutes(minutes);
        }

        var text = new StringWriter();
        CostHistoryFile.Write(text, history);
        var (read, fault) = CostHistoryFile.Read(new StringReader(text.ToString()));
        Assert.Null(fault);
        var again = new StringWriter();
        CostHistoryFile.Write(again, read);
        Assert.Equal(text.ToString(), again.ToString());
        Assert.Equal(history.ByHour().Select(static b => b.Idle.Amount), read.ByHour().Select(static b => b.Idle.Amount));
    }, iter: 50);

    [Fact]
    public void A_file_that_ends_early_gives_what_was_whole()
    {
        var history = new CostHistory();
        history.Add(s_start, s_start.AddHours(3), Cost(4));
        var text = new StringWriter();
        CostHistoryFile.Write(text, history);
        var (read, fault) = CostHistoryFile.Read(new StringReader(text.ToString()[..200] + "\nnonsense,\"\n"));
        Assert.NotNull(fault);
        Assert.NotEmpty(read.ByHour());
        Assert.Empty(CostHistoryFile.Read(new StringReader("")).History.ByHour());
    }

    [Fact]
    public void A_budget_warns_when_it_is_reached_and_when_it_will_be()
    {
        var budget = new Budget("team", 1000, "USD", Budget.UsualThresholds);
        var now = s_start.AddDays(10);
        Assert.Equal("", BudgetStatus.Of(budget, CostSum.Of(100, "USD"), CostSum.Zero, now).Warning);
        var forecast = BudgetStatus.Of(budget, CostSum.Of(100, "USD"), CostSum.Of(2, "USD"), now);
        Assert.Equal((1060m, (double?)null, 1.0), (forecast.Forecast.Amount!.Value, forecast.Reached, forecast.WillReach));
        Assert.StartsWith("By the end of the month 1060.00 of 1000.00 USD", forecast.Warning, StringComparison.Ordinal);
        var reached = BudgetStatus.Of(budget, CostSum.Of(850, "USD"), CostSum.Zero, now);
        Assert.Equal(0.8, reached.Reached);
        Assert.StartsWith("850.00 of 1000.00 USD are spent", reached.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_says_what_it_does_not_know()
    {
        var budget = new Budget("team", 1000, "USD", Budget.UsualThresholds);
        var status = BudgetStatus.Of(budget, CostSum.Of(900, "USD"), CostSum.NotKnown("mine: no price"), s_start.AddDays(10));
        Assert.Null(status.Forecast.Amount);
        Assert.Equal(0.8, status.Reached);
        Assert.EndsWith("Some costs are not known: mine: no price.", status.Warning, StringComparison.Ordinal);
        Assert.EndsWith("Costs in EUR are not counted.", BudgetStatus.Of(budget, CostSum.Of(900, "EUR"), CostSum.Zero, s_start).Warning, StringComparison.Ordinal);
    }

    // Eight H100 at 55.04 an hour, of which the namespaces have some each.
    internal static ClusterCost Cost(int gpus, IEnumerable<string>? namespaces = null) => ClusterCost.Of(InventoryTestCluster(namespaces ?? ["team"], gpus), PriceBook.Bundled);

    private static Slipway.Capacity.Inventory.InventorySnapshot InventoryTestCluster(IEnumerable<string> namespaces, int gpus, string provider = "aws:///x") => Slipway.Capacity.Inventory.InventoryBuilder.Bundled.Build(
        [Cluster.Node("n", "node.kubernetes.io/instance-type=p5.48xlarge;topology.kubernetes.io/region=us-east-1", 8, provider: provider)],
        [.. namespaces.Select((n, i) => Cluster.Pod($"p{i}", "n", gpus, cpu: 1, memory: 1, space: n))]);
}
