using CsCheck;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Tests.Inventory;
using Slipway.Testing;

namespace Slipway.Capacity.Tests.Cost;

public sealed class CostTests
{
    private const string H100 = "node.kubernetes.io/instance-type=p5.48xlarge;topology.kubernetes.io/region=us-east-1;nvidia.com/gpu.product=NVIDIA-H100-80GB-HBM3";

    [Fact]
    public void A_pod_pays_for_the_largest_of_its_parts()
    {
        var node = Inventory(
            [Cluster.Node("n", H100, 8, provider: "aws:///us-east-1a/i", cpu: 192_000, memory: 2048L << 30)],
            [Cluster.Pod("gpus", "n", 2, cpu: 1000), Cluster.Pod("memory", "n", cpu: 0, memory: 1024L << 30), Cluster.Pod("cpu", "n", cpu: 19_200, memory: 0)]).Nodes[0];
        Assert.Equal([0.25, 0.5, 0.1], node.Pods.Select(p => DominantShare.Of(node, p)!.Value));
        var cost = NodeCost.Of(node, PriceBook.Bundled);
        Assert.Equal((55.04m, "USD"), (cost.Total.Amount, cost.Total.Currency));
        Assert.Equal([13.76m, 27.52m, 5.504m], cost.Pods.Select(static p => p.PerHour.Amount!.Value));
        Assert.Equal(8.256m, cost.Idle.Amount);
    }

    [Fact]
    public void Slices_and_whole_devices_share_by_their_size()
    {
        var node = Cluster.Node("n", H100, provider: "aws:///x") with { Capacity = Amounts(("nvidia.com/gpu", 6), ("nvidia.com/mig-3g.40gb", 4)), Allocatable = Amounts(("nvidia.com/gpu", 6), ("nvidia.com/mig-3g.40gb", 4)) };
        var made = Inventory([node], [Cluster.Pod("whole", "n", 1), Cluster.Pod("slice", "n", 1, "nvidia.com/mig-3g.40gb")]).Nodes[0];
        // Six whole and four halves make eight.
        Assert.Equal([1 / 8.0, 0.5 / 8], made.Pods.Select(p => DominantShare.Of(made, p)!.Value));
        var unknown = Inventory([node with { Labels = node.Labels.SetItem("nvidia.com/gpu.product", "NVIDIA-What") }], [Cluster.Pod("whole", "n", 1)]).Nodes[0];
        Assert.Null(DominantShare.Of(unknown, unknown.Pods[0]));
    }

    [Fact]
    public void An_unknown_price_makes_the_total_unknown_with_the_reason()
    {
        var cost = ClusterCost.Of(Inventory([Cluster.Node("known", H100, 8, provider: "aws:///x"), Cluster.Node("mine", "", 8)], [Cluster.Pod("a", "known", 4), Cluster.Pod("b", "mine", 4, space: "team")]), PriceBook.Bundled);
        Assert.Null(cost.Total.Amount);
        Assert.Equal("mine: the provider is not known, and no price book says what the machine costs", cost.Total.Unknown);
        Assert.Equal(55.04m, cost.Total.KnownIn("USD"));
        Assert.Equal(27.52m, cost.ByNamespace["default"].Amount);
        Assert.Null(cost.ByNamespace["team"].Amount);
        Assert.Null(cost.Idle.Amount);
    }

    [Fact]
    public void The_bill_of_300_nodes_and_5000_pods_costs_little_memory()
    {
        var inventory = Inventory(
            [.. Enumerable.Range(0, 300).Select(static i => Cluster.Node($"n{i}", H100, 8, provider: "aws:///x"))],
            [.. Enumerable.Range(0, 5000).Select(static i => Cluster.Pod($"p{i}", $"n{i % 300}", i < 1000 ? 1 : 0))]);
        Assert.Equal(300 * 55.04m, ClusterCost.Of(inventory, PriceBook.Bundled).Total.Amount);
        // A record, a sum and an amount for each pod: about 300 bytes.
        Assert.InRange(Allocated.By(() => ClusterCost.Of(inventory, PriceBook.Bundled)), 1, 2_500_000);
    }

    [Fact]
    public void Two_currencies_are_not_added()
    {
        var sum = CostSum.Of(1, "USD").Plus(CostSum.Of(2, "EUR"));
        Assert.Null(sum.Amount);
        Assert.Equal("parts are in EUR and USD, which are not added", sum.Unknown);
    }

    [Fact]
    public void What_pods_take_and_what_is_idle_make_the_bill()
    {
        var pod = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 8], Gen.Long[0, 250_000], Gen.Long[0, 3L << 40], Any.Of("a", "b", "c"));
        pod.Array[0, 40].Sample(static pods =>
        {
            string[] types = ["p5.48xlarge", "g6.12xlarge", "m5.4xlarge", "g6f.xlarge"];
            var nodes = types.Select((t, i) => Cluster.Node($"n{i}", $"node.kubernetes.io/instance-type={t};topology.kubernetes.io/region=us-east-1", i < 2 ? 8 : i == 3 ? 1 : 0, provider: "aws:///x")).ToList();
            var cost = ClusterCost.Of(Inventory(nodes, [.. pods.Select(static (p, i) => Cluster.Pod($"p{i}", $"n{p.Item1}", p.Item2, cpu: p.Item3, memory: p.Item4, space: p.Item5))]), PriceBook.Bundled);
            var bill = cost.Total.Amount!.Value;
            Assert.Equal(types.Sum(static t => PriceSnapshot.Bundled.Of("aws").Find("us-east-1", t, PriceKind.OnDemand)!.Value.Amount), bill);
            Assert.Equal(bill, cost.ByNamespace.Values.Sum(static s => s.Amount!.Value) + (cost.Idle.Amount ?? 0));
            Assert.All(cost.Nodes, static n => Assert.True(n.Idle.Amount >= 0));
            // A month's report in cents adds up as well.
            var parts = cost.ByNamespace.Values.Append(cost.Idle).Select(static s => s.Amount!.Value * ReplicaCost.HoursPerMonth).ToList();
            var cents = Apportion.ToCents(parts);
            Assert.Equal(Math.Round(bill * ReplicaCost.HoursPerMonth, 2, MidpointRounding.AwayFromZero), cents.Sum());
            Assert.All(cents.Zip(parts), static p => Assert.True(Math.Abs(p.First - p.Second) < 0.01m));
        });
    }

    [Theory]
    [InlineData("p5.48xlarge", 1, 6.88)]
    [InlineData("p5.48xlarge", 8, 55.04)]
    [InlineData("g6f.xlarge", 0.125, 0.242)]
    public void A_replica_costs_its_part_of_the_machine(string type, double devices, double usd)
    {
        var machine = MachineTypeTable.Bundled.Find("aws", type)!;
        var cost = ReplicaCost.Of(machine, PriceBook.Bundled.Of(new PriceQuery("aws", "us-east-1", type, PriceKind.OnDemand)), devices);
        Assert.Equal(usd, (double)cost.PerHour.Amount!.Value, 0.01);
        Assert.Equal(cost.PerHour.Amount * 730, cost.PerMonth.Amount);
        Assert.IsType<PriceAnswer.Known>(cost.Price);
    }

    [Fact]
    public void A_replica_that_does_not_fit_or_has_no_price_has_no_cost()
    {
        var machine = MachineTypeTable.Bundled.Find("aws", "p5.48xlarge")!;
        Assert.Equal("p5.48xlarge has 8 devices, and the replica takes 16", ReplicaCost.Of(machine, PriceBook.Bundled.Of(new PriceQuery("aws", "us-east-1", "p5.48xlarge", PriceKind.OnDemand)), 16).PerHour.Unknown);
        Assert.Null(ReplicaCost.Of(machine, new PriceAnswer.Unknown("no price"), 1).PerHour.Amount);
        // Half the machine's memory is half the machine.
        Assert.Equal(0.5, ReplicaCost.Of(machine, new PriceAnswer.Unknown("no price"), 1, memoryBytes: 1024L << 30).Share);
    }

    [Fact]
    public void Tokens_cost_the_engine_s_time()
    {
        // 3.6 an hour is 0.001 a second: a million tokens of 0.1 ms each take 100 s.
        var cost = TokenCost.Of(CostSum.Of(3.6m, "USD"), new Throughput(0.0001, 0.001));
        Assert.Equal((0.1m, 1m), (Rounded(cost.PerMillionInput), Rounded(cost.PerMillionOutput)));
        var real = TokenCost.Of(CostSum.Of(3.6m, "USD"), new Throughput(0.0001, 0.001), 0.25);
        Assert.Equal((0.4m, 4m), (Rounded(real.PerMillionInput), Rounded(real.PerMillionOutput)));
        Assert.Equal(0.28m, Rounded(cost.Blended(800, 200)));
        Assert.Equal(0.5, TokenCost.BreakEven(cost.PerMillionOutput, 2, "USD")!.Value, 1e-9);
        Assert.Null(TokenCost.BreakEven(cost.PerMillionOutput, 2, "EUR"));
    }

    [Fact]
    public void Tokens_without_a_price_or_a_speed_have_no_cost()
    {
        Assert.Equal("no price", TokenCost.Of(CostSum.NotKnown("no price"), new Throughput(1, 1)).PerMillionInput.Unknown);
        Assert.Equal("the speed is not known", TokenCost.Of(CostSum.Of(1, "USD"), null).PerMillionInput.Unknown);
        Assert.Equal("the speed is not known", TokenCost.Of(CostSum.Of(1, "USD"), new Throughput(0, double.NaN)).PerMillionOutput.Unknown);
        Assert.Contains("never busy", TokenCost.Of(CostSum.Of(1, "USD"), new Throughput(1, 1), 0).PerMillionOutput.Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Spot_costs_what_is_lost_as_well()
    {
        Assert.Equal(2m, SpotCost.EffectivePerHour(2, 0, 1));
        // One interruption in ten hours, half an hour to load again, 3 lost each time.
        Assert.Equal(2.4m, SpotCost.EffectivePerHour(2, 0.1, 0.5, 3));
    }

    private static decimal Rounded(CostSum sum) => Math.Round(sum.Amount!.Value, 12);

    private static InventorySnapshot Inventory(IReadOnlyCollection<NodeFacts> nodes, IReadOnlyCollection<PodFacts> pods) => InventoryBuilder.Bundled.Build(nodes, pods);

    private static ResourceAmounts Amounts(params (string Name, long Units)[] devices) => new(192_000, 2048L << 30, [.. devices.Select(static d => KeyValuePair.Create(d.Name, d.Units))]);
}
