using System.Globalization;
using CsCheck;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Live;
using static Slipway.Capacity.Tests.Prices.PriceServer;

namespace Slipway.Capacity.Tests.Prices;

public sealed class LivePricesTests : IAsyncLifetime
{
    private static readonly PriceQuery s_l4 = new("gcp", "us-central1", "g2-standard-4", PriceKind.OnDemand);
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-prices-").FullName;
    private PriceServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_refresh_replaces_the_bundled_price_and_outlives_a_restart()
    {
        Serve("0.71", "0.3");
        using var prices = New();
        Assert.Equal(2, Assert.IsType<RefreshOutcome.Updated>(await RefreshAsync(prices)).Accepted);
        Assert.Equal((0.71m, "Google Cloud list prices by gcloud-compute.com"), Price(prices, s_l4));
        using var again = New();
        Assert.Empty(again.Faults);
        Assert.Equal((0.71m, "Google Cloud list prices by gcloud-compute.com"), Price(again, s_l4));
        // Kept with its mark: nothing is sent twice.
        Assert.IsType<RefreshOutcome.Unchanged>(await RefreshAsync(again));
    }

    public static TheoryData<string> Bad => ["", "name,region,hour,hourSpot\n", "name,region,hour,hourSpot\ng2-standard-4,us-central1,0,0\n", "<html>", "name,region,hour,hourSpot\ng2-standard-4,us-central1,0.9"];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task An_empty_or_broken_answer_replaces_nothing(string body)
    {
        Serve("0.71", "0.3");
        using var prices = New();
        await RefreshAsync(prices);
        var kept = File.ReadAllText(Path.Combine(_folder, "gcp", "all.csv"));
        _server.Answers(Text(body));
        Assert.NotEmpty(Assert.IsType<RefreshOutcome.Failed>(await RefreshAsync(prices)).Reason);
        Assert.Equal(0.71m, Price(prices, s_l4).Amount);
        Assert.Equal(kept, File.ReadAllText(Path.Combine(_folder, "gcp", "all.csv")));
    }

    [Theory]
    [InlineData("7.07")]
    [InlineData("0.0707")]
    public async Task A_price_ten_times_as_high_or_low_waits_for_a_person(string jump)
    {
        Serve(jump, "0.3");
        using var prices = New();
        var waiting = Assert.Single(Assert.IsType<RefreshOutcome.Updated>(await RefreshAsync(prices)).Quarantined);
        Assert.Contains($"{jump} USD fetched, 0.70683", waiting.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("bundled", Price(prices, s_l4).Source, StringComparison.Ordinal);
        // The other price of the same answer stands. The source is asked for all of it again, also after a restart: a person is still to decide.
        Assert.Equal(0.3m, Price(prices, s_l4 with { Kind = PriceKind.Spot }).Amount);
        Assert.IsType<RefreshOutcome.Updated>(await RefreshAsync(prices));
        Assert.Single(prices.Quarantine);
        using (var restarted = New())
        {
            await RefreshAsync(restarted);
            Assert.Single(restarted.Quarantine);
        }

        Assert.True(await prices.AcceptAsync(prices.Quarantine[0], TestContext.Current.CancellationToken));
        Assert.Equal(decimal.Parse(jump, CultureInfo.InvariantCulture), Price(prices, s_l4).Amount);
        Assert.Empty(prices.Quarantine);
        using var again = New();
        Assert.Equal(decimal.Parse(jump, CultureInfo.InvariantCulture), Price(again, s_l4).Amount);
    }

    [Fact]
    public async Task A_network_that_is_off_leaves_what_is_known_with_its_age()
    {
        using var prices = New();
        await _server.StopAsync();
        Assert.Contains("cannot be reached", Assert.IsType<RefreshOutcome.Failed>(await RefreshAsync(prices)).Reason, StringComparison.Ordinal);
        Assert.StartsWith("bundled", Price(prices, s_l4).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_somebody_broke_is_named_and_fetched_again()
    {
        Serve("0.71", "0.3");
        using (var prices = New()) await RefreshAsync(prices);
        File.AppendAllText(Path.Combine(_folder, "gcp", "all.csv"), "us-central1,\"g2");
        using var again = New();
        Assert.Contains("all.csv", Assert.Single(again.Faults), StringComparison.Ordinal);
        Assert.IsType<RefreshOutcome.Updated>(await RefreshAsync(again));
    }

    [Fact]
    public async Task A_provider_without_a_source_says_so()
    {
        using var prices = New();
        Assert.Contains("no source of live prices of ovh", Assert.IsType<RefreshOutcome.Failed>(await prices.RefreshAsync("ovh", "x", TestContext.Current.CancellationToken)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_comes_no_standing_price_becomes_0_or_jumps() => Gen.Select(Gen.Double[-1, 40], Gen.Double[0.1, 10]).Sample(static (fetched, standing) =>
    {
        var edition = new PriceEdition("s", "USD", default);
        var old = new RateRow("r", "t", PriceKind.OnDemand, new Rate((decimal)standing, edition));
        var verdict = RefreshVerdict.Of("p", "r", [old], [old with { Rate = new Rate((decimal)fetched, edition) }], _ => old.Rate);
        if (verdict is RefreshVerdict.Use use) Assert.InRange(Assert.Single(use.Rates).Rate.Amount, (decimal)standing / 3.0001m, (decimal)standing * 3);
        else Assert.True((decimal)fetched <= 0);
    });

    [Fact]
    public void An_answer_without_most_of_what_stands_is_not_whole()
    {
        var edition = new PriceEdition("s", "USD", default);
        var standing = Enumerable.Range(0, 10).Select(i => new RateRow("r", $"t{i}", PriceKind.OnDemand, new Rate(1, edition))).ToList();
        Assert.Contains("lacks most", Assert.IsType<RefreshVerdict.Refuse>(RefreshVerdict.Of("p", "r", standing, standing[..4], static _ => null)).Reason, StringComparison.Ordinal);
        // A machine type that is no longer sold keeps its last price, with its date.
        Assert.Equal(10, Assert.IsType<RefreshVerdict.Use>(RefreshVerdict.Of("p", "r", standing, standing[..9], static _ => null)).Rates.Length);
    }

    [Theory]
    [InlineData(0, null, 12 * 60)]
    [InlineData(1, null, 5)]
    [InlineData(3, null, 20)]
    [InlineData(40, null, 12 * 60)]
    [InlineData(1, 30, 30)]
    public void The_next_refresh_is_half_a_day_away_or_sooner_after_a_failure(int failures, int? retryAfter, int minutes) =>
        Assert.Equal(minutes, RefreshSchedule.Next(failures, retryAfter is { } r ? TimeSpan.FromMinutes(r) : null, 0).TotalMinutes);

    private void Serve(string hour, string spot) => _server.Answers(Text($"name,region,hour,hourSpot\ng2-standard-4,us-central1,{hour},{spot}\n", "\"v1\""));

    private LivePrices New() => new([_server.Azure, _server.Aws, _server.Gcp], new PriceStore(_folder), PriceSnapshot.Bundled);

    private static Task<RefreshOutcome> RefreshAsync(LivePrices prices) => prices.RefreshAsync("gcp", "us-central1", TestContext.Current.CancellationToken);

    private static (decimal Amount, string Source) Price(LivePrices prices, PriceQuery query)
    {
        var price = Assert.IsType<PriceAnswer.Known>((PriceBook.Bundled with { Live = prices.Current }).Of(query)).Price;
        return (price.Amount, price.Source);
    }
}
