using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Tests.Recording;

public sealed class RestraintTests
{
    // Busy: in processors. What is expected: the writer's part of all time.
    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(0.05, 0.01)]
    [InlineData(0.5, 0.05)]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.1)]
    public void Writing_takes_a_share_of_what_the_process_uses(double busy, double expected)
    {
        var time = new FakeTimeProvider();
        var used = TimeSpan.Zero;
        var restraint = new Restraint(0.1, time, () => used);
        void Pass(TimeSpan span)
        {
            time.Advance(span);
            used += span * busy;
        }

        var (worked, each) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 5000; i++)
        {
            Pass(each);
            worked += each;
            Pass(restraint.Worked(each));
        }

        Assert.InRange(worked / (time.GetUtcNow() - time.Start), expected * 0.7, expected * 1.3);
    }
}
