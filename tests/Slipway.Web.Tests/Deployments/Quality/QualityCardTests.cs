using Bunit;
using Slipway.Web.Access;
using Slipway.Web.Deployments.Quality;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments.Quality;

public sealed class QualityCardTests : PageTest
{
    [Fact]
    public void What_is_asked_on_no_schedule_has_no_card()
    {
        Schedules.Set(FakeSchedules.Schedule("other", 0.9));
        Assert.Equal("", Open().Markup.Trim());
    }

    [Fact]
    public void Scores_and_evidence_are_drawn_once_there_is_something_to_compare()
    {
        Schedules.Set(FakeSchedules.Schedule("chat", 0.9));
        var card = Open();
        Assert.Empty(card.FindAll("svg.plot, .chart"));
        Assert.Contains("so it went.", card.Markup, StringComparison.Ordinal);
        Schedules.Set(FakeSchedules.Schedule("chat", 0.9, 0.85));
        card.WaitForAssertion(() => Assert.Equal(["Score", "Evidence for a fall"], card.FindAll(".chart h3").Select(static h => h.TextContent)));
        Assert.Contains("now: 85 % at the end, 90 % at most", card.Find(".chart > svg").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Empty(card.FindAll("button"));
    }

    [Fact]
    public void An_alarm_is_told_and_can_be_accepted_by_who_may()
    {
        Schedules.Set(FakeSchedules.Schedule("chat", 0.9, 0.7));
        var card = Open();
        Assert.Contains("70.0 % now, 90.0 % before. The alarm stays until somebody says", card.Markup, StringComparison.Ordinal);
        Schedules.Refusal = "not you";
        card.Find("button").Click();
        Assert.Equal(["chat"], Schedules.Accepted);
        Assert.Contains("not you", card.Markup, StringComparison.Ordinal);
        Rights.Take(Right.AcceptSchedules, "default");
        card.WaitForAssertion(() => Assert.True(card.Find("button").HasAttribute("disabled")));
    }

    private IRenderedComponent<QualityCard> Open() => Render<QualityCard>(static p => p.Add(static c => c.Space, "default").Add(static c => c.Name, "chat"));
}
