using CsCheck;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Feeds;
using static Slipway.Capacity.Tests.Prices.PriceServer;

namespace Slipway.Capacity.Tests.Prices;

public sealed class AzurePriceFeedTests : IAsyncLifetime
{
    private PriceServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_page_is_read()
    {
        _server.Answers(
            Text(AzurePage(new Uri(_server.Address, "/api/retail/prices?$skip=1000").ToString(), AzureItem("A", 1))),
            Text(AzurePage(new Uri(_server.Address, "/api/retail/prices?$skip=2000").ToString(), AzureItem("B", 2))),
            Text(AzurePage(null, AzureItem("C", 3))));
        Assert.Equal(["A 1", "B 2", "C 3"], await RatesAsync());
        Assert.Equal("/api/retail/prices?api-version=2023-01-01-preview&currencyCode='USD'&$filter=serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq 'westeurope'", _server.Asked.First());
    }

    [Fact]
    public async Task Only_hours_of_Linux_machines_that_anybody_can_have_count()
    {
        _server.Answers(Text(AzurePage(
            null,
            AzureItem("A", 1, "A"),
            AzureItem("A", 1.5, "A", "Virtual Machines Series Windows"),
            AzureItem("A", 0.3, "A Spot", sku: "A Spot"),
            AzureItem("A", 0.2, "A Low Priority", sku: "A Low Priority"),
            AzureItem("A", 0.4, "A Spot", "Virtual Machines Series Windows", "A Spot"),
            AzureItem("A", 9, "A", "A Series Dedicated Host"),
            AzureItem("A", 9, "A", "A Series Cloud Services"),
            AzureItem("A", 900, unit: "1/Month"),
            AzureItem("A", 5000, kind: "Reservation"),
            AzureItem("A", 7, region: "eastus"),
            AzureItem("A", 0.9, tier: 100),
            AzureItem("B", 0),
            AzureItem("C", -1),
            AzureItem("D", 4, until: "2025-01-01T00:00:00Z"),
            AzureItem("E", 4, since: "2027-01-01T00:00:00Z"))));
        Assert.Equal(["A 0.3 spot", "A 1"], (await RatesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_two_meters_the_primary_one_counts_then_the_newer_and_a_tie_is_unknown()
    {
        _server.Answers(Text(AzurePage(
            null,
            AzureItem("A", 1, primary: false),
            AzureItem("A", 2),
            AzureItem("B", 1, since: "2023-01-01T00:00:00Z"),
            AzureItem("B", 3, since: "2025-01-01T00:00:00Z"),
            AzureItem("C", 1),
            AzureItem("C", 5),
            AzureItem("D", 6, primary: false))));
        Assert.Equal(["A 2", "B 3", "D 6"], await RatesAsync());
    }

    [Fact]
    public async Task A_short_pause_is_kept_and_a_long_one_puts_the_refresh_off()
    {
        _server.Answers(Status(429, "0"), Status(500), Text(AzurePage(null, AzureItem("A", 1))));
        Assert.Equal(["A 1"], await RatesAsync());
        _server.Answers(Status(429, "600"));
        var failed = await FailedAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), failed.RetryAfter);
        Assert.Contains("answered 429", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(404, 1)]
    [InlineData(400, 1)]
    public async Task Errors_are_tried_again_where_that_may_help(int status, int requests)
    {
        _server.Answers(Status(status));
        Assert.Contains($"answered {status}", (await FailedAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal(requests, _server.Asked.Count);
    }

    [Fact]
    public async Task Half_an_answer_is_none()
    {
        var page = AzurePage(null, AzureItem("A", 1), AzureItem("B", 2));
        _server.Answers(Truncated(page));
        Assert.Contains("cannot be reached", (await FailedAsync()).Reason, StringComparison.Ordinal);
        _server.Answers(Text(page[..^20]));
        Assert.Equal("page 1 is not whole, or is no page of prices", (await FailedAsync()).Reason);
        _server.Answers(Text(AzurePage(new Uri(_server.Address, "/api/retail/prices?$skip=1000").ToString(), AzureItem("A", 1))), Status(500));
        Assert.Contains("(page 2)", (await FailedAsync()).Reason, StringComparison.Ordinal);
        _server.Answers(Text(AzurePage(new Uri(_server.Address, "/api/retail/prices?$skip=1000").ToString(), AzureItem("A", 1))), Text(AzurePage(null)));
        Assert.StartsWith("page 2 is empty", (await FailedAsync()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"Items":3}""")]
    public async Task What_is_no_page_is_a_failure(string body)
    {
        _server.Answers(Text(body));
        Assert.Equal("page 1 is not whole, or is no page of prices", (await FailedAsync()).Reason);
    }

    [Fact]
    public async Task A_page_leads_to_no_other_host_and_pages_end()
    {
        _server.Answers(Text(AzurePage("http://169.254.169.254/latest/meta-data", AzureItem("A", 1))));
        Assert.Contains("leads to another place", (await FailedAsync()).Reason, StringComparison.Ordinal);
        _server.Answers(Text(AzurePage(new Uri(_server.Address, "/again").ToString(), AzureItem("A", 1))));
        var feed = new AzurePriceFeed(_server.Http, _server.Options with { MaxPages = 5 });
        Assert.Equal("the answer has more than 5 pages", Assert.IsType<FeedAnswer.Failed>(await feed.FetchAsync("westeurope", "", TestContext.Current.CancellationToken)).Reason);
    }

    [Fact]
    public async Task Another_currency_than_the_one_asked_for_is_a_failure()
    {
        _server.Answers(Text(AzurePage(null, AzureItem("A", 1, currency: "EUR"))));
        Assert.Equal("asked for USD, and got EUR", (await FailedAsync()).Reason);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_failure()
    {
        using var asked = new SemaphoreSlim(0);
        _server.Answer = async context =>
        {
            asked.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        var feed = new AzurePriceFeed(_server.Http, _server.Options with { MaxRetries = 0 });
        var fetch = feed.FetchAsync("westeurope", "", TestContext.Current.CancellationToken);
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        _server.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("no answer within 300 s", Assert.IsType<FeedAnswer.Failed>(await fetch).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_gets_a_quote_or_an_operator_into_the_filter() =>
        Gen.Select(Gen.String[Gen.Char["abz019-_. '\"%&$#/?\\()\n=é"], 0, 24], Gen.String[Gen.Char["abzAZ019-_. '\"%&$#/?()\n"], 0, 24]).Sample(static (region, type) =>
        {
            if (AzureQuery.For(new Uri("https://prices.example/api"), region, "USD", type) is not { } uri) return;
            var filter = Uri.UnescapeDataString(uri.Query.Split("&$filter=")[1]);
            Assert.Equal($"serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq '{region}' and armSkuName eq '{type}'", filter);
            Assert.DoesNotContain('\'', region + type);
            Assert.DoesNotContain(' ', region + type);
            Assert.Equal(2, uri.Query.Count(static c => c == '&'));
        }, iter: 50_000);

    [Theory]
    [InlineData("westeurope' or armRegionName ne '")]
    [InlineData("")]
    [InlineData("West Europe")]
    public async Task A_name_that_is_no_region_is_not_asked_for(string region)
    {
        Assert.Contains("is no name of a region", Assert.IsType<FeedAnswer.Failed>(await _server.Azure.FetchAsync(region, "", TestContext.Current.CancellationToken)).Reason, StringComparison.Ordinal);
        Assert.Empty(_server.Asked);
    }

    private async Task<IEnumerable<string>> RatesAsync() => Assert.IsType<FeedAnswer.Fresh>(await _server.Azure.FetchAsync("westeurope", "", TestContext.Current.CancellationToken)).Rates
        .Select(static r => $"{r.MachineType} {r.Rate.Amount}{(r.Kind == PriceKind.Spot ? " spot" : "")}");

    private async Task<FeedAnswer.Failed> FailedAsync() => Assert.IsType<FeedAnswer.Failed>(await _server.Azure.FetchAsync("westeurope", "", TestContext.Current.CancellationToken));
}
