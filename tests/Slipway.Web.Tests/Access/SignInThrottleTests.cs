using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Slipway.Web.Access;

namespace Slipway.Web.Tests.Access;

public sealed class SignInThrottleTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void No_minute_has_more_tries_than_it_may_and_none_is_refused_that_may_be()
    {
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 9000]).List[0, 300].Sample(steps =>
        {
            var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
            var throttle = new SignInThrottle(time);
            var tries = new List<(string Address, DateTimeOffset At)>();
            foreach (var (who, wait) in steps)
            {
                // Mostly at once, at times a while later.
                if (wait > 7000) time.Advance(TimeSpan.FromMilliseconds(wait));
                var (now, address) = (time.GetUtcNow(), $"a{who}");
                var late = tries.Where(t => now - t.At < s_minute).ToList();
                var may = late.Count < SignInThrottle.Most && late.Count(t => t.Address == address) < SignInThrottle.MostOfOne;
                var left = throttle.Take(address);
                Assert.Equal(may, left is null);
                if (left is null) tries.Add((address, now));
                else Assert.InRange(left.Value, TimeSpan.FromTicks(1), s_minute);
            }
        });
    }

    [Fact]
    public void Whoever_waits_as_long_as_is_said_may_try_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var throttle = new SignInThrottle(time);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(throttle.Take("a"));
            time.Advance(TimeSpan.FromSeconds(7));
        }

        var wait = throttle.Take("a");
        Assert.Equal(TimeSpan.FromSeconds(25), wait);
        Assert.Null(throttle.Take("b"));
        time.Advance(wait!.Value);
        Assert.Null(throttle.Take("a"));
        Assert.NotNull(throttle.Take("a"));
    }

    [Fact]
    public void A_right_token_is_no_try()
    {
        var throttle = new SignInThrottle(new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        for (var i = 0; i < 200; i++)
        {
            Assert.Null(throttle.Take("office"));
            throttle.GiveBack("office");
        }
    }
}
