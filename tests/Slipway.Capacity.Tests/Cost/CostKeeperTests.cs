using Microsoft.Extensions.Time.Testing;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Tests.Cost;

public sealed class CostKeeperTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-costs-").FullName;
    private readonly FakeTimeProvider _time = new(s_start);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looked = new(0);
    private ClusterCost? _cost = HistoryTests.Cost(8);

    private CostHistoryStore Store => new(Path.Combine(_folder, "costs.csv"));

    public void Dispose()
    {
        _stop.Dispose();
        _looked.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_ran_is_written_down_and_read_by_another_process()
    {
        var running = Begin();
        for (var minute = 0; minute < 5; minute++) await TickAsync();
        // Five looks are on disk before anybody stops it.
        Assert.Equal(4, Assert.Single(Store.Read().History.ByHour()).Seen.TotalMinutes);
        await EndAsync(running);
        var answer = CostHistoryAnswer.Of(Store.Read().History, CostPeriodLength.Hour, "team", 10);
        Assert.Equal((300.0, s_start), (Assert.Single(answer.Periods).SeenSeconds, answer.Periods[0].Start));
        Assert.Equal(Math.Round(55.04m / 12, 6), answer.Total.Amount);
    }

    [Fact]
    public async Task A_restart_goes_on_and_the_time_between_is_not_made_up()
    {
        var first = Begin();
        await TickAsync();
        await EndAsync(first);
        _time.Advance(TimeSpan.FromMinutes(20));
        using var again = new CancellationTokenSource();
        var second = Begin(again.Token);
        await TickAsync();
        await again.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(2, Assert.Single(Store.Read().History.ByHour()).Seen.TotalMinutes);
    }

    [Fact]
    public async Task A_minute_of_which_nothing_is_known_is_left_out()
    {
        var running = Begin();
        _cost = null;
        await TickAsync();
        _cost = HistoryTests.Cost(8);
        await TickAsync();
        await TickAsync();
        await EndAsync(running);
        Assert.Equal(1, Assert.Single(Store.Read().History.ByHour()).Seen.TotalMinutes);
    }

    [Fact]
    public async Task A_file_that_is_none_is_named_and_what_it_still_says_stands()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "costs.csv"), "length,start,seen_seconds,part,name,currency,amount,reason\nday,2026-10-01,60,idle,,USD,1,\nnonsense\n", TestContext.Current.CancellationToken);
        var (history, fault) = Store.Read();
        Assert.Contains("line 3", fault, StringComparison.Ordinal);
        Assert.Equal(1m, Assert.Single(history.ByDay()).Idle.Amount);
    }

    private Task Begin(CancellationToken? stop = null)
    {
        var keeper = new CostKeeper(Store, _ =>
        {
            _looked.Release();
            return Task.FromResult(_cost);
        }, _time);
        var running = keeper.RunAsync(stop ?? _stop.Token);
        Assert.True(_looked.Wait(0));
        return running;
    }

    private async Task TickAsync()
    {
        _time.Advance(CostKeeper.Look);
        await _looked.WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task EndAsync(Task running)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
