using Bunit;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments.Traffic;

public sealed class TrafficCardTests : PageTest
{
    private static readonly string[] s_titles = ["Requests", "Tokens", "Time to first token", "Time between tokens", "Requests at once"];

    [Fact]
    public void Before_the_first_request_it_says_so_in_words()
    {
        var card = Open();
        Assert.Contains("No request for it has come through the gateway yet", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("svg"));
    }

    [Fact]
    public void Each_chart_says_in_words_what_it_shows()
    {
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 120, 60, 0.25), FakeTraffic.Minute(At(1), 60, 0, 0.5)];
        var card = Open();
        Assert.Equal(s_titles, card.FindAll(".chart h3").Select(static h => h.TextContent));
        var words = card.FindAll(".chart > svg").Select(static s => s.GetAttribute("aria-label")).ToList();
        Assert.Equal("Requests. answered: 1/s at the end, 1/s at most. failed: 0/s at the end, 1/s at most.", words[0]);
        Assert.Equal("Time to first token. median: 500 ms at the end, 500 ms at most. 9 in 10 within: 1 s at the end, 1 s at most.", words[2]);
        Assert.Equal("Time between tokens. median: nothing yet. 9 in 10 within: nothing yet.", words[3]);
    }

    [Fact]
    public void What_engines_say_of_themselves_is_drawn_where_they_say_it_and_a_stretch_that_is_missing_is_a_gap()
    {
        Traffic.Loads.AddRange([Load(0, 2, 0.5, 1.2), Load(1, 4, 0.75, 1.2), Load(5, 1, 0.25, 1.2)]);
        var card = Open();
        Assert.Equal(["Waiting in the engine", "Key-value cache in use", "Cost an hour"], card.FindAll(".chart h3").Select(static h => h.TextContent));
        Assert.Equal("Key-value cache in use. mean: 25 % at the end, 75 % at most. most: 25 % at the end, 75 % at most.", card.FindAll(".chart > svg")[1].GetAttribute("aria-label"));
        Assert.Equal(2, Line(card, 0).Count(static c => c == 'M'));
        Traffic.Loads.Clear();
        Traffic.Loads.Add(Load(0, 2, null, null));
        Assert.Equal(["Waiting in the engine"], Open().FindAll(".chart h3").Select(static h => h.TextContent));
    }

    [Fact]
    public void Where_no_gateway_counts_what_engines_count_is_drawn()
    {
        Traffic.Loads.Add(Load(0, 2, null, null) with { Requests = 3, TokensIn = 300, TokensOut = 90, FirstToken = 0.5, BetweenTokens = 0.02 });
        var card = Open();
        Assert.Equal(["Requests", "Tokens", "Time to first token", "Time between tokens", "Waiting in the engine"], card.FindAll(".chart h3").Select(static h => h.TextContent));
        Assert.DoesNotContain("No request", card.Markup, StringComparison.Ordinal);
        Assert.Contains("as the engines say it of themselves", card.Find(".hint").TextContent, StringComparison.Ordinal);
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 1)];
        Assert.Equal([.. s_titles, "Waiting in the engine"], Open().FindAll(".chart h3").Select(static h => h.TextContent));
    }

    [Fact]
    public void Where_a_Prometheus_remembers_longer_weeks_are_drawn_and_its_silence_is_said()
    {
        string[] Spans(IRenderedComponent<TrafficCard> card) => [.. card.FindAll(".tabs button").Select(static b => b.TextContent)];
        Assert.Equal(["Last hour", "Last day"], Spans(Open()));
        Traffic.RemembersMore = true;
        Traffic.Longer = back => back == TimeSpan.FromDays(7) ? [Load(0, 2, null, null) with { Requests = 3 }] : throw new IOException("Prometheus is away.");
        var card = Open();
        Assert.Equal(["Last hour", "Last day", "Last week", "Last month"], Spans(card));
        card.FindAll(".tabs button")[2].Click();
        Assert.Equal(["Requests", "Waiting in the engine"], card.FindAll(".chart h3").Select(static h => h.TextContent));
        Assert.Contains("from Prometheus", card.Find(".hint").TextContent, StringComparison.Ordinal);
        // It is not asked again by itself.
        Traffic.Longer = static _ => throw new IOException("Prometheus is away.");
        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(card.FindAll("[role=alert]"));
        card.FindAll(".tabs button")[3].Click();
        card.WaitForAssertion(() => Assert.Equal("Prometheus is away.", card.Find("[role=alert]").TextContent));
        card.FindAll(".tabs button")[0].Click();
        card.WaitForAssertion(() => Assert.Empty(card.FindAll("[role=alert]")));
    }

    [Fact]
    public void What_was_not_timed_is_a_gap_and_no_0()
    {
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 1, 0, 0.2), FakeTraffic.Minute(At(1), 1, 0, 0.2), FakeTraffic.Minute(At(2)), FakeTraffic.Minute(At(3), 1, 0, 0.2)];
        var card = Open();
        Assert.Equal(2, Line(card, 2).Count(static c => c == 'M'));
        // The gateway was there and saw nothing: that is known, and is 0.
        Assert.Equal(1, Line(card, 0).Count(static c => c == 'M'));
    }

    [Fact]
    public void A_single_request_is_no_rush()
    {
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 1) with { Seconds = 0.1 }];
        Assert.Contains("answered: 0.1/s at the end", Open().FindAll(".chart > svg")[0].GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_read_anew_every_10_seconds_until_nobody_looks()
    {
        var card = Open();
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 6)];
        Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(card.FindAll(".chart"));
        Time.Advance(TimeSpan.FromSeconds(1));
        card.WaitForAssertion(() => Assert.Equal(5, card.FindAll(".chart").Count));
        card.Instance.Dispose();
        Traffic.Stretches = [];
        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(5, card.FindAll(".chart").Count);
    }

    [Fact]
    public void The_last_day_is_a_click_away()
    {
        var card = Open();
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)), Traffic.Asked);
        card.FindAll("button")[1].Click();
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromMinutes(15)), Traffic.Asked);
        Assert.Equal("true", card.FindAll("button")[1].GetAttribute("aria-pressed"));
    }

    [Fact]
    public void The_table_has_the_numbers_the_newest_first()
    {
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 1, 1), FakeTraffic.Minute(At(1), 2, 0, 0.25)];
        var card = Open();
        Assert.Empty(card.FindAll("table"));
        card.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        var rows = card.FindAll("tbody tr").Select(static r => string.Join('|', r.Children.Select(static c => c.TextContent))).ToList();
        Assert.Equal(["00:02:00|2|0|0|240|250 ms, 500 ms|–|0.033, at most 1", "00:01:00|1|1|0|120|–|–|0.017, at most 1"], rows);
    }

    [Fact]
    public void Tokens_that_nobody_counted_are_said()
    {
        Traffic.Stretches = [FakeTraffic.Minute(At(0), 3) with { Uncounted = 2 }];
        Assert.Contains("The tokens of 2 answers were counted by nobody", Open().Markup, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(int minute) => DateTimeOffset.UnixEpoch.AddMinutes(1 + minute);

    private static string Line(IRenderedComponent<TrafficCard> card, int chart) => card.FindAll(".chart")[chart].QuerySelector("svg[role=img] .chart-line")!.GetAttribute("d")!;

    private IRenderedComponent<TrafficCard> Open() => Render<TrafficCard>(p => p.Add(c => c.Space, "default").Add(c => c.Name, "a"));

    private static LoadStretch Load(int minute, double waiting, double? cache, double? cost) =>
        new() { Start = At(minute), Seconds = 60, Waiting = waiting, PeakWaiting = waiting, CacheUse = cache, PeakCacheUse = cache, PerHour = cost };
}
