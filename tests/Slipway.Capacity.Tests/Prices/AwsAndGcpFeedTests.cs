using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Feeds;
using Slipway.Testing;
using static Slipway.Capacity.Tests.Prices.PriceServer;

namespace Slipway.Capacity.Tests.Prices;

public sealed class AwsAndGcpFeedTests : IAsyncLifetime
{
    private const string AwsHead = """
        "FormatVersion","v1.0"
        "Disclaimer","This pricing list is for informational purposes only, ""as is""."
        "Publication Date","2026-11-20T18:30:00Z"
        "Version","20261120183000"
        "OfferCode","AmazonEC2"
        "SKU","OfferTermCode","RateCode","TermType","PriceDescription","EffectiveDate","Unit","PricePerUnit","Currency","Product Family","Instance Type","Tenancy","Operating System","License Model","CapacityStatus","Pre Installed S/W","MarketOption"

        """;

    private const string Gcp = "name,region,regionLocation,hour,hourSpot\ng2-standard-4,us-central1,Iowa,0.7068,0.28\ng2-standard-4,europe-west4,Eemshaven,0.7781,\nx4-free,us-central1,Iowa,0,0\n";

    private const string AwsJson = """
        {"formatVersion": "v1.0", "offerCode": "AmazonEC2", "publicationDate": "2026-11-20T18:30:00Z",
         "products": {
          "A": {"sku": "A", "productFamily": "Compute Instance", "attributes": {"instanceType": "p5.48xlarge", "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used", "marketoption": "OnDemand"}},
          "B": {"sku": "B", "productFamily": "Compute Instance", "attributes": {"instanceType": "p5.48xlarge", "operatingSystem": "Windows", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}},
          "C": {"sku": "C", "productFamily": "Compute Instance", "attributes": {"instanceType": "g6.xlarge", "operatingSystem": "Linux", "tenancy": "Dedicated", "preInstalledSw": "NA", "capacitystatus": "Used"}},
          "D": {"sku": "D", "productFamily": "Compute Instance", "attributes": {"instanceType": "free", "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}}},
         "terms": {"OnDemand": {
           "A": {"A.J": {"offerTermCode": "J", "priceDimensions": {"A.J.6": {"unit": "Hrs", "appliesTo": [], "pricePerUnit": {"USD": "55.0400000000"}}}, "termAttributes": {}}},
           "B": {"B.J": {"priceDimensions": {"B.J.6": {"unit": "Hrs", "pricePerUnit": {"USD": "60"}}}}},
           "C": {"C.J": {"priceDimensions": {"C.J.6": {"unit": "Hrs", "pricePerUnit": {"USD": "1"}}}}},
           "D": {"D.J": {"priceDimensions": {"D.J.6": {"unit": "Hrs", "pricePerUnit": {"USD": "0.0"}}}}}},
          "Reserved": {"A": {"A.R": {"priceDimensions": {"A.R.6": {"unit": "Hrs", "pricePerUnit": {"USD": "20"}}}}}}}}
        """;

    private PriceServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AWS_counts_shared_Linux_machines_on_demand()
    {
        _server.Answers(Text(AwsHead
            + AwsRow("p5.48xlarge", "55.04")
            + AwsRow("p5.48xlarge", "60", system: "Windows")
            + AwsRow("p5.48xlarge", "61", system: "RHEL")
            + AwsRow("p5.48xlarge", "62", tenancy: "Dedicated")
            + AwsRow("p5.48xlarge", "0", status: "UnusedCapacityReservation")
            + AwsRow("p5.48xlarge", "63", software: "SQL Std")
            + AwsRow("p5.48xlarge", "20", term: "Reserved")
            + AwsRow("p5.48xlarge", "30", market: "CapacityBlock")
            + AwsRow("g6.xlarge", "0.8048")
            + AwsRow("free.large", "0.0000000000")));
        var fresh = Assert.IsType<FeedAnswer.Fresh>(await _server.Aws.FetchAsync("us-east-1", "", TestContext.Current.CancellationToken));
        Assert.Equal(["p5.48xlarge 55.04", "g6.xlarge 0.8048"], fresh.Rates.Select(static r => $"{r.MachineType} {r.Rate.Amount}"));
        Assert.All(fresh.Rates, static r => Assert.Equal((PriceKind.OnDemand, new DateTimeOffset(2026, 11, 20, 18, 30, 0, TimeSpan.Zero)), (r.Kind, r.Rate.Edition.AsOf)));
        Assert.Equal(["/aws/current/us-east-1/index.csv"], _server.Asked);
    }

    [Fact]
    public async Task AWS_s_JSON_says_the_same()
    {
        _server.Answers(Text(AwsJson));
        var feed = new AwsPriceFeed(_server.Http, _server.Options with { AwsFile = "index.json" });
        var fresh = Assert.IsType<FeedAnswer.Fresh>(await feed.FetchAsync("us-east-1", "", TestContext.Current.CancellationToken));
        var rate = Assert.Single(fresh.Rates);
        Assert.Equal(("p5.48xlarge", 55.04m, "USD", 2026), (rate.MachineType, rate.Rate.Amount, rate.Rate.Edition.Currency, rate.Rate.Edition.AsOf.Year));
        for (var length = 0; length < AwsJson.Trim().Length; length += 7)
        {
            _server.Answers(Text(AwsJson[..length]));
            Assert.IsType<FeedAnswer.Failed>(await feed.FetchAsync("us-east-1", "", TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void A_long_JSON_list_allocates_little()
    {
        var filler = string.Join(',', Enumerable.Range(0, 20_000).Select(static i => $"\"W{i}\":{{\"attributes\":{{\"instanceType\":\"m5.large\",\"operatingSystem\":\"Windows\"}}}}"));
        using var list = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(AwsJson.Replace("\"products\": {", "\"products\": {" + filler + ",", StringComparison.Ordinal)));
        Assert.True(list.Length > 1_500_000);
        Assert.Single(Assert.IsType<FeedAnswer.Fresh>(AwsJsonList.Read(list, "us-east-1", "", default)).Rates);
    }

    [Fact]
    public void A_list_of_fifty_thousand_rows_allocates_what_it_brings()
    {
        var list = AwsHead + AwsRow("g6.xlarge", "0.8048") + string.Concat(Enumerable.Repeat(AwsRow("p5.48xlarge", "60", system: "Windows"), 50_000));
        Assert.Single(Read().Rates);
        // Buffers of the reader, whatever the length.
        Assert.InRange(Allocated.By(() => Read()), 0, 100_000);

        FeedAnswer.Fresh Read() => Assert.IsType<FeedAnswer.Fresh>(AwsPriceList.Read(new StringReader(list), "us-east-1", "", default));
    }

    [Fact]
    public async Task Half_a_list_is_none()
    {
        var list = AwsHead + AwsRow("p5.48xlarge", "55.04") + AwsRow("g6.xlarge", "0.8048");
        _server.Answers(Truncated(list));
        Assert.Contains("cannot be reached", (await AwsFailedAsync()).Reason, StringComparison.Ordinal);
        _server.Answers(Text(list[..^40]));
        Assert.NotEmpty((await AwsFailedAsync()).Reason);
        _server.Answers(Text(AwsHead[..200]));
        Assert.NotEmpty((await AwsFailedAsync()).Reason);
        _server.Answers(Text(""));
        Assert.NotEmpty((await AwsFailedAsync()).Reason);
        _server.Answers(Text("<html>\n<body>busy</body>\n</html>"));
        Assert.NotEmpty((await AwsFailedAsync()).Reason);
        _server.Answers(Text(string.Concat(Enumerable.Repeat("a,b\n", 100))));
        Assert.Equal("the file is no price list of EC2", (await AwsFailedAsync()).Reason);
    }

    [Fact]
    public async Task Too_much_is_a_failure()
    {
        _server.Answers(Text(AwsHead + AwsRow("p5.48xlarge", "55.04")));
        var feed = new AwsPriceFeed(_server.Http, _server.Options with { MaxBytes = 300 });
        Assert.Contains("more than 300 bytes", Assert.IsType<FeedAnswer.Failed>(await feed.FetchAsync("us-east-1", "", TestContext.Current.CancellationToken)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Google_Cloud_s_file_has_all_regions_and_spot()
    {
        _server.Answers(Text(Gcp));
        var fresh = Assert.IsType<FeedAnswer.Fresh>(await _server.Gcp.FetchAsync("all", "", TestContext.Current.CancellationToken));
        Assert.Equal(["us-central1 g2-standard-4 OnDemand 0.7068", "us-central1 g2-standard-4 Spot 0.28", "europe-west4 g2-standard-4 OnDemand 0.7781"], fresh.Rates.Select(static r => $"{r.Region} {r.MachineType} {r.Kind} {r.Rate.Amount}"));
    }

    [Theory]
    [InlineData("name,region\nx,y\n", "the file has no columns name, region and hour")]
    [InlineData("name,region,hour,hourSpot\nx,y,1,1\nx,y,", "the file ends in the middle of a row")]
    [InlineData("name,region,hour,hourSpot\n\"x,y,1,1\n", "the text ends inside a quoted field")]
    public async Task What_is_no_list_is_a_failure(string body, string reason)
    {
        _server.Answers(Text(body));
        Assert.Equal(reason, Assert.IsType<FeedAnswer.Failed>(await _server.Gcp.FetchAsync("all", "", TestContext.Current.CancellationToken)).Reason);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        _server.Answers(Text(Gcp, "\"v1\""));
        Assert.Equal("\"v1\"", Assert.IsType<FeedAnswer.Fresh>(await _server.Gcp.FetchAsync("all", "", TestContext.Current.CancellationToken)).ETag);
        Assert.IsType<FeedAnswer.NotModified>(await _server.Gcp.FetchAsync("all", "\"v1\"", TestContext.Current.CancellationToken));
        Assert.IsType<FeedAnswer.Fresh>(await _server.Gcp.FetchAsync("all", "\"v0\"", TestContext.Current.CancellationToken));
    }

    private static string AwsRow(
        string type, string price, string system = "Linux", string tenancy = "Shared", string status = "Used", string software = "NA", string term = "OnDemand", string market = "OnDemand") =>
        $"\"S\",\"JRTC\",\"S.JRTC\",\"{term}\",\"$ per {type}, \"\"hour\"\"\",\"2026-11-01\",\"Hrs\",\"{price}\",\"USD\",\"Compute Instance\",\"{type}\",\"{tenancy}\",\"{system}\",\"No License required\",\"{status}\",\"{software}\",\"{market}\"\n";

    private async Task<FeedAnswer.Failed> AwsFailedAsync() => Assert.IsType<FeedAnswer.Failed>(await _server.Aws.FetchAsync("us-east-1", "", TestContext.Current.CancellationToken));
}
