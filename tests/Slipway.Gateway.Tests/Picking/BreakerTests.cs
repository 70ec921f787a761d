using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Picking;

namespace Slipway.Gateway.Tests.Picking;

public sealed class BreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Breaker _breaker = new();

    [Fact]
    public void Failures_count_in_a_row_alone()
    {
        _breaker.Failed(_time);
        _breaker.Failed(_time);
        _breaker.Succeeded();
        _breaker.Failed(_time);
        Assert.Null(_breaker.Failed(_time));
        Assert.Equal(BreakerState.Closed, _breaker.State(_time));
        Assert.Equal(TimeSpan.FromSeconds(5), _breaker.Failed(_time));
        Assert.Equal(BreakerState.Open, _breaker.State(_time));
    }

    [Fact]
    public void One_request_tries_it_and_each_that_fails_doubles_the_wait_up_to_two_minutes()
    {
        Open();
        foreach (var seconds in (int[])[5, 10, 20, 40, 80, 120, 120])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(BreakerState.Open, _breaker.State(_time));
            Assert.False(_breaker.TryTrial(_time));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(BreakerState.Due, _breaker.State(_time));
            Assert.True(_breaker.TryTrial(_time));
            Assert.False(_breaker.TryTrial(_time));
            Assert.NotNull(_breaker.Failed(_time));
            // One from before the trial.
            Assert.Null(_breaker.Failed(_time));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(_breaker.TryTrial(_time));
        _breaker.Succeeded();
        Assert.Equal(BreakerState.Closed, _breaker.State(_time));
        Open();
        Assert.Equal(BreakerState.Open, _breaker.State(_time));
    }

    [Fact]
    public void A_trial_whose_client_goes_or_that_takes_long_leaves_room_for_another()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_breaker.TryTrial(_time));
        _breaker.Unknown();
        Assert.True(_breaker.TryTrial(_time));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_breaker.TryTrial(_time));
    }

    private void Open()
    {
        for (var i = 0; i < Breaker.MostFailures; i++) _breaker.Failed(_time);
    }
}
