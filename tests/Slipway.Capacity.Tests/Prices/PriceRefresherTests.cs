using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Live;
using static Slipway.Capacity.Tests.Prices.PriceServer;

namespace Slipway.Capacity.Tests.Prices;

public sealed class PriceRefresherTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-prices-").FullName;
    private PriceServer _server = null!;

    private RefreshReports Reports => new(Path.Combine(_folder, "refreshes.json"));

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_region_in_use_is_asked_for_at_once_and_again_when_it_is_due()
    {
        _server.Answers(Text("name,region,hour,hourSpot\ng2-standard-4,us-central1,0.71,0.3\n"));
        await using var running = Run(("gcp", "us-central1"));
        var first = await running.NextAsync();
        Assert.Equal(("updated", "2 prices taken"), (first.Outcome, first.Message));
        Assert.InRange(first.Next - first.At, RefreshSchedule.Period, RefreshSchedule.Period + TimeSpan.FromHours(1));
        _server.Time.Advance(TimeSpan.FromHours(13));
        var second = await running.NextAsync();
        Assert.Equal(TimeSpan.FromHours(13), second.At - first.At);
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task A_source_that_fails_is_asked_later_each_time_and_the_outcome_is_kept()
    {
        _server.Answers(Status(404));
        await using (var running = Run(("gcp", "us-central1")))
        {
            var first = await running.NextAsync();
            Assert.Equal(("failed", 1), (first.Outcome, first.Failures));
            _server.Time.Advance(TimeSpan.FromMinutes(7));
            Assert.Equal(2, (await running.NextAsync()).Failures);
        }

        var kept = Assert.Single(Reports.Read());
        Assert.InRange(kept.Next - kept.At, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12));
    }

    [Fact]
    public async Task A_restart_asks_for_nothing_that_is_not_due()
    {
        _server.Answers(Text("name,region,hour,hourSpot\ng2-standard-4,us-central1,0.71,0.3\n"));
        await using (var running = Run(("gcp", "us-central1"))) await running.NextAsync();
        await using var again = Run(("gcp", "us-central1"), ("ovh", "x"));
        // The second region is done after the first was passed over.
        Assert.Equal("ovh", (await again.NextAsync()).Provider);
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task Without_a_region_in_use_nobody_is_asked()
    {
        await using (Run()) _server.Time.Advance(TimeSpan.FromDays(2));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task The_answer_shows_what_is_fetched_before_what_is_bundled()
    {
        _server.Answers(Text("name,region,hour,hourSpot\ng2-standard-4,us-central1,0.71,0.3\n"));
        await using var running = Run(("gcp", "us-central1"));
        await running.NextAsync();
        var answer = PricesAnswer.Of(PriceBook.Bundled with { Live = running.Prices.Current }, Reports.Read(), _server.Time.GetUtcNow());
        var gcp = answer.Editions.Where(static e => e.Provider == "gcp").ToList();
        Assert.Equal([true, false], gcp.Select(static e => e.Fetched).Distinct());
        Assert.Equal((2, 1, 0), (gcp[0].Rates, gcp[0].Regions, gcp[0].AgeDays));
        Assert.True(gcp[1].AgeDays > 30, gcp[1].AgeDays.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("updated", Assert.Single(answer.Refreshes).Outcome);
    }

    [Fact]
    public void A_file_of_outcomes_that_somebody_broke_counts_as_none()
    {
        File.WriteAllText(Path.Combine(_folder, "refreshes.json"), "[{");
        Assert.Empty(Reports.Read());
    }

    private Running Run(params (string, string)[] regions) => new(_server, _folder, Reports, regions);

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly System.Threading.Channels.Channel<RefreshReport> _reports = System.Threading.Channels.Channel.CreateUnbounded<RefreshReport>();
        private readonly Task _task;

        public Running(PriceServer server, string folder, RefreshReports reports, (string, string)[] regions)
        {
            Prices = new LivePrices([server.Azure, server.Aws, server.Gcp], new PriceStore(folder), PriceSnapshot.Bundled);
            var refresher = new PriceRefresher(Prices, reports, _ => Task.FromResult<IReadOnlyCollection<(string, string)>>(regions), server.Time);
            refresher.Reported += r => _reports.Writer.TryWrite(r);
            _task = refresher.RunAsync(_stop.Token);
        }

        public LivePrices Prices { get; }

        public Task<RefreshReport> NextAsync() => _reports.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _task);
            Prices.Dispose();
        }
    }
}
