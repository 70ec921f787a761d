using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Tests.Recording;

public sealed class RecordingRuleTests
{
    [Theory]
    [InlineData("10%", null, 0.1, 168)]
    [InlineData("0.5%", "12h", 0.005, 12)]
    [InlineData("100%", "90d", 1, 2160)]
    public void A_namespace_says_how_much_and_for_how_long(string share, string? keep, double expected, int hours)
    {
        var rule = RecordingRule.Read(Annotations(share, keep), out var problem);
        Assert.Equal((new RecordingRule(expected, TimeSpan.FromHours(hours)), null), (rule, problem));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("0%", null, null)]
    [InlineData("0%", "7d", null)]
    [InlineData("0.1", null, "slipway.dev/record is a share from 0% to 100%, such as 10%, not \"0.1\"")]
    [InlineData("101%", null, "slipway.dev/record is a share from 0% to 100%, such as 10%, not \"101%\"")]
    [InlineData("10%", "91d", "slipway.dev/record-for is a time from 1h to 90d, such as 12h or 7d, not \"91d\"")]
    [InlineData("10%", "7", "slipway.dev/record-for is a time from 1h to 90d, such as 12h or 7d, not \"7\"")]
    public void Whatever_is_unclear_records_nothing_and_is_named(string? share, string? keep, string? expected)
    {
        Assert.Null(RecordingRule.Read(Annotations(share, keep), out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Of_sessions_all_is_recorded_or_nothing_and_of_all_as_much_as_was_said()
    {
        var rule = new RecordingRule(0.2, TimeSpan.FromDays(1));
        var sessions = Enumerable.Range(0, 5000).Select(static i => $"session {i}").ToList();
        Assert.All(sessions, s => Assert.Equal(rule.Takes(s, new Random(1)), rule.Takes(s, new Random(2))));
        Assert.InRange(sessions.Count(s => rule.Takes(s, new Random(1))), 900, 1100);
        var random = new Random(1);
        Assert.InRange(Enumerable.Range(0, 5000).Count(_ => rule.Takes(null, random)), 900, 1100);
    }

    private static Func<string, string?> Annotations(string? share, string? keep) => name => name == RecordingRule.Annotation ? share : keep;
}
