using Bunit;
using Slipway.Web.Layout;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Layout;

/// <summary>What is drawn of the tour; what its buttons do is tried in a browser.</summary>
public sealed class TourTests : PageTest
{
    [Fact]
    public void It_is_a_dialog_of_five_steps_that_begins_closed_and_survives_the_way_from_page_to_page()
    {
        var tour = Render<Tour>();
        var dialog = tour.Find("dialog");
        Assert.False(dialog.HasAttribute("open"));
        Assert.True(dialog.ParentElement!.HasAttribute("data-permanent"));
        var steps = tour.FindAll("[data-tour-step]");
        Assert.Equal(["Find a model", "See whether it fits", "Deploy it", "Watch it", "Ask it"], steps.Select(static s => s.QuerySelector("h2")!.TextContent));
        Assert.Equal([false, true, true, true, true], steps.Select(static s => s.HasAttribute("hidden")));
        Assert.Equal("tour-0", dialog.GetAttribute("aria-labelledby"));
        Assert.All(steps, (step, index) => Assert.NotNull(step.QuerySelector($"#tour-{index}[tabindex='-1']")));
        Assert.Equal(["end", "back", "next"], tour.FindAll("button").Select(static b => b.GetAttribute("data-tour")));
    }

    [Fact]
    public void The_offer_is_a_line_and_no_dialog() =>
        Assert.Equal(["start", "end"], Render<TourOffer>().FindAll("div.tour-offer button").Select(static b => b.GetAttribute("data-tour")));
}
