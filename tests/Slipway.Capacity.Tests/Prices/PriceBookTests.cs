using System.Collections.Immutable;
using CsCheck;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Custom;
using Slipway.Capacity.Tests.Inventory;

namespace Slipway.Capacity.Tests.Prices;

public sealed class PriceBookTests
{
    private const string Header = "EndTimestamp,InstanceID,Region,AssetClass,InstanceIDField,InstanceType,MarketPriceHourly,Version,Provider,Kind,Currency,Purchase,LifeYears,KwAtLoad,KwIdle,PerKwh,Pue,UpkeepPerYear\n";
    private static readonly DateTimeOffset s_written = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceQuery s_a100 = new("azure", "eastus", "Standard_NC24ads_A100_v4", PriceKind.OnDemand);

    [Fact]
    public void Your_own_price_goes_before_a_live_one_and_that_before_the_bundled_one()
    {
        var edition = new PriceEdition("live", "USD", s_written);
        var live = PriceBook.Bundled with { Live = ImmutableDictionary<string, RateTable>.Empty.Add("azure", RateTable.Of([new RateRow("eastus", "Standard_NC24ads_A100_v4", PriceKind.OnDemand, new Rate(3.5m, edition))])) };
        Assert.Equal(3.5m, Known(live.Of(s_a100)).Amount);
        Assert.Equal(3.673m, Known(live.Of(s_a100 with { Region = "eastus2" })).Amount);
        var own = live with { Custom = Read(",,,node,,Standard_NC24ads_A100_v4,2.9,,,,,,,,,,,\n").Prices };
        var price = Known(own.Of(s_a100));
        Assert.Equal((2.9m, "your price book mine.csv", s_written), (price.Amount, price.Source, price.AsOf));
    }

    [Fact]
    public void A_reservation_costs_the_factor_that_you_gave()
    {
        var query = s_a100 with { Kind = PriceKind.Reserved };
        Assert.Contains("for you to say", Unknown(PriceBook.Bundled.Of(query)), StringComparison.Ordinal);
        var price = Known((PriceBook.Bundled with { ReservedFactors = ImmutableDictionary<string, decimal>.Empty.Add("azure", 0.6m) }).Of(query));
        Assert.Equal((2.2038m, PriceKind.Reserved), (price.Amount, price.Kind));
        Assert.EndsWith("times your factor 0.6", price.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "the provider is not known")]
    [InlineData("azure:///x", "topology.kubernetes.io/region=eastus", "the machine type is not known")]
    [InlineData("azure:///x", "node.kubernetes.io/instance-type=Standard_NC24ads_A100_v4", "the region is not known")]
    [InlineData("azure:///x", "node.kubernetes.io/instance-type=Standard_NC24ads_A100_v4;topology.kubernetes.io/region=eastus;kubernetes.azure.com/scalesetpriority=spot", "no price of Standard_NC24ads_A100_v4 in eastus at azure, spot is known")]
    public void A_node_without_a_price_says_why(string id, string labels, string reason) =>
        Assert.StartsWith(reason, Unknown(PriceBook.Bundled.Of(Node(id, labels))), StringComparison.Ordinal);

    [Fact]
    public void A_node_has_the_price_of_its_terms()
    {
        var labels = "node.kubernetes.io/instance-type=g2-standard-4;topology.kubernetes.io/region=us-central1";
        var (onDemand, spot) = (Known(PriceBook.Bundled.Of(Node("gce://p/z/n", labels))), Known(PriceBook.Bundled.Of(Node("gce://p/z/n", labels + ";cloud.google.com/gke-spot=true"))));
        Assert.Equal((PriceKind.OnDemand, PriceKind.Spot), (onDemand.Kind, spot.Kind));
        Assert.True(spot.Amount < onDemand.Amount);
    }

    [Fact]
    public void OpenCost_s_files_are_read()
    {
        var (prices, faults) = PriceBookFile.Read(File.OpenText(SharedData.Path("prices", "opencost-pricing_schema_mixed_gpu_ondemand.csv")), "opencost.csv", s_written);
        Assert.Empty(faults);
        Assert.Equal(4, prices.Count);
        Assert.Equal(0.654795m, prices.Find(Node("", "TestClusterUsage=Reserved"))!.Amount);
        Assert.Equal(0.5m * 8, prices.Find(Node("", "nvidia.com/gpu_type=a100-ondemand", 8))!.Amount);
        Assert.Null(prices.Find(Node("", "TestClusterUsage=Other")));
        var dated = PriceBookFile.Read(File.OpenText(SharedData.Path("prices", "opencost-pricing_schema.csv")), "opencost.csv", s_written).Prices;
        Assert.Equal(2019, dated.Find(Node("", "", name: "gke-standard-cluster-1-pool-1-91dc432d-cg69"))!.AsOf.Year);
    }

    [Fact]
    public void The_row_that_says_most_about_a_node_stands_and_is_not_scaled()
    {
        var prices = Read(",a,,node,metadata.name,,1,,,,,,,,,,,\n,x,,node,pool,,2,,,,,,,,,,,\n,,,node,,T,3,,,,,,,,,,,\n,,r,node,,T,4,,,,,,,,,,,\n,x,,gpu,pool,,5,,,,,,,,,,,\n").Prices;
        Assert.Equal(1, prices.Find(Node("", "pool=x", 8, "a"))!.Amount);
        Assert.Equal(2, prices.Find(Node("", "pool=x", 8))!.Amount);
        Assert.Equal(3, prices.Find(Node("", "node.kubernetes.io/instance-type=T"))!.Amount);
        Assert.Equal(4, prices.Find(Node("", "node.kubernetes.io/instance-type=T;topology.kubernetes.io/region=r"))!.Amount);
        // The on-demand price of a machine type is not that of a spot machine.
        Assert.Null(prices.Find(Node("", "node.kubernetes.io/instance-type=T;karpenter.sh/capacity-type=spot")));
    }

    [Fact]
    public void Slices_cost_the_part_of_a_device_that_they_are()
    {
        var node = Cluster.Node("n", "nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB-MIG-3g.20gb;pool=x", 4);
        var prices = Read(",x,,gpu,pool,,3,,,,,,,,,,,\n").Prices;
        Assert.Equal(3m * 2, prices.Find(Inventory([node]).Nodes[0])!.Amount);
        Assert.Null(prices.Find(Inventory([node with { Labels = node.Labels.SetItem("nvidia.com/gpu.product", "NVIDIA-What") }]).Nodes[0]));
    }

    [Fact]
    public void A_machine_of_one_s_own_costs_its_purchase_power_and_upkeep()
    {
        // Eight H100: 280,000 over 4 years, 10.2 kW at 0.15 with a PUE of 1.3, so 7.99 + 1.99 an hour.
        var machine = new OnPremMachine { Purchase = 280_000, LifeYears = 4, KilowattsAtLoad = 10.2m, PerKilowattHour = 0.15m, Pue = 1.3m };
        Assert.Equal(9.98m, Math.Round(machine.PerHour(), 2));
        Assert.Equal(7.99m, Math.Round(machine.PerHour(0), 2));
        Assert.Equal(9.98m + 1, Math.Round((machine with { UpkeepPerYear = 8760 }).PerHour(), 2));
        var price = Read(",rack1,,node,metadata.labels.rack,,,,,,EUR,280000,4,10.2,0,0.15,1.3,\n").Prices.Find(Node("", "rack=rack1"))!;
        Assert.Equal((9.98m, "EUR", PriceKind.Amortised), (Math.Round(price.Amount, 2), price.Currency, price.Kind));
        Assert.Throws<InvalidOperationException>(() => (machine with { Pue = 0.5m }).PerHour());
    }

    [Theory]
    [InlineData(",a,,node,metadata.name,,0,,,,,,,,,,,", "MarketPriceHourly is '0'; it has to be a number above 0")]
    [InlineData(",a,,node,metadata.name,,-1,,,,,,,,,,,", "MarketPriceHourly is '-1'")]
    [InlineData(",a,,node,metadata.name,,1e3,,,,,,,,,,,", "MarketPriceHourly is '1e3'")]
    [InlineData(",a,,disk,metadata.name,,1,,,,,,,,,,,", "AssetClass is 'disk'")]
    [InlineData(",,,node,,,1,,,,,,,,,,,", "neither InstanceIDField nor InstanceType")]
    [InlineData(",a,,node,metadata.name,,1,,,,EURO,,,,,,,", "'EURO' is no currency")]
    [InlineData(",a,,node,metadata.name,,1,,,weekly,,,,,,,,", "Kind is 'weekly'")]
    [InlineData(",a,,node,metadata.name,,,,,,,,,,,,,", "there is no MarketPriceHourly, and no Purchase")]
    [InlineData(",a,,node,metadata.name,,,,,,,100,0,,,,,", "the life has to be")]
    [InlineData(",a,,node,metadata.name,,,,,,,100,4,1,2,,,", "power at load")]
    public void A_wrong_row_is_named_and_the_others_stand(string row, string fault)
    {
        var (prices, faults) = Read(row + "\n,b,,node,metadata.name,,1,,,,,,,,,,,\n");
        Assert.StartsWith("mine.csv, line 2: " + fault, Assert.Single(faults), StringComparison.Ordinal);
        Assert.Equal(1, prices.Count);
    }

    [Fact]
    public void Any_text_is_a_price_book_or_faults() => Gen.String[Gen.Char["node,gpu\n\"0.19e-aUS D"], 0, 120].Sample(static text =>
    {
        var (prices, faults) = Read(text);
        Assert.True(prices.Find(Node("", "", 1, "a")) is null or { Amount: > 0 });
        Assert.True(faults.Length <= 100);
    });

    private static (CustomPrices Prices, ImmutableArray<string> Faults) Read(string rows) => PriceBookFile.Read(new StringReader(Header + rows), "mine.csv", s_written);

    private static NodeInventory Node(string id, string labels, long gpus = 0, string name = "n") =>
        Inventory([Cluster.Node(name, labels + (gpus > 0 ? ";nvidia.com/gpu.product=NVIDIA-A100-SXM4-40GB" : ""), gpus, provider: id)]).Nodes[0];

    private static InventorySnapshot Inventory(IReadOnlyCollection<NodeFacts> nodes) => InventoryBuilder.Bundled.Build(nodes, []);

    private static Price Known(PriceAnswer answer) => Assert.IsType<PriceAnswer.Known>(answer).Price;

    private static string Unknown(PriceAnswer answer) => Assert.IsType<PriceAnswer.Unknown>(answer).Reason;
}
