using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;

namespace Slipway.Operator.Tests.Load;

public sealed class LoadHistoryTests
{
    private static readonly NamespacedName s_key = new("default", "a");
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Samples_come_back_as_means_and_peaks_of_stretches_and_what_was_not_seen_is_left_out()
    {
        var history = new LoadHistory(_time);
        foreach (var waiting in (double[])[0, 3, 6])
        {
            history.Add(s_key, new LoadSample { Running = 1, Waiting = waiting, CacheUse = waiting / 8 });
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        history.Add(s_key, new LoadSample { PerHour = 2.5 });
        var points = history.Read(s_key, TimeSpan.FromHours(1), s_minute);
        Assert.Equal([0, 2], points.Select(static p => p.Start.Minute));
        Assert.Equal((3, 6, 0.75), (points[0].Mean.Waiting, points[0].Peak.Waiting, points[0].Peak.CacheUse));
        Assert.Equal((null, null, 2.5), (points[1].Mean.Waiting, points[1].Peak.Waiting, points[1].Mean.PerHour));
        Assert.Empty(history.Read(new NamespacedName("default", "b"), s_minute, s_minute));
    }

    [Fact]
    public void An_hour_is_kept_finely_a_day_coarsely_and_nothing_for_longer()
    {
        var history = new LoadHistory(_time);
        for (var i = 0; i < 26 * 60; i++)
        {
            history.Add(s_key, new LoadSample { Running = 1, Waiting = i });
            _time.Advance(s_minute);
        }

        var hour = history.Read(s_key, TimeSpan.FromHours(1), s_minute);
        Assert.InRange(hour.Count, 59, 61);
        Assert.Equal((26 * 60) - 1, hour[^1].Mean.Waiting);
        var day = history.Read(s_key, TimeSpan.FromDays(2), TimeSpan.FromMinutes(15));
        Assert.InRange(day.Count, 95, 97);
        Assert.True(day[0].Start > _time.GetUtcNow().AddHours(-24.3));
    }

    [Fact]
    public void Deployments_are_bounded_and_the_one_that_was_quiet_longest_goes()
    {
        var history = new LoadHistory(_time, mostDeployments: 2);
        foreach (var name in (string[])["a", "b", "a", "c"])
        {
            history.Add(new NamespacedName("default", name), new LoadSample { Running = 1, Waiting = 1 });
            _time.Advance(s_minute);
        }

        Assert.Equal([true, false, true], ((string[])["a", "b", "c"]).Select(n => history.Read(new NamespacedName("default", n), TimeSpan.FromHours(1), s_minute).Count > 0));
    }
}
