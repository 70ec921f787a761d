using Bunit;
using Slipway.Web.Playground;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Playground;

public sealed class PlaygroundPageTests : PageTest
{
    [Fact]
    public void Without_a_model_it_leads_to_one()
    {
        Assert.Equal("deploy?model=slipway%2Ftiny-chat", Render<PlaygroundPage>().Find(".state-box a").GetAttribute("href"));
        Deployments.Put(Given.Deployment("a"));
        Assert.Equal("deployments", Render<PlaygroundPage>().Find(".state-box a").GetAttribute("href"));
    }

    [Fact]
    public void Stop_ends_the_answer_and_keeps_what_came()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Ask(page, "Tell me a story.");
        Assert.Equal("Tell me a story.", page.Find(".turn.user").TextContent);
        Gateway.Say("Once upon");
        page.WaitForAssertion(() => Assert.True(page.Find(".ask-bar .primary").HasAttribute("disabled")));
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Gateway.Say(" a time");
            Assert.Contains("Once upon", page.Find(".turn.assistant").TextContent, StringComparison.Ordinal);
        });
        page.Find("#stop").Click();
        page.WaitForAssertion(() => Assert.Contains("stopped", page.Find("[data-measures]").TextContent, StringComparison.Ordinal));
        Assert.StartsWith("Once upon", page.Find(".turn.assistant").TextContent, StringComparison.Ordinal);
        // The pane says it first, the page around it with its next drawing.
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        page.WaitForAssertion(() => Assert.False(page.Find(".ask-bar .primary").HasAttribute("disabled")));
    }

    [Fact]
    public void Two_models_are_asked_the_same_side_by_side()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.Put(Given.Ready("b"));
        var page = Render<PlaygroundPage>();
        page.FindAll("button").Single(static b => b.TextContent == "Compare two").Click();
        Assert.Equal(["a", "b"], page.FindAll(".chat select").Select(static s => s.GetAttribute("value")));
        Ask(page, "6 x 7?");
        page.WaitForAssertion(() => Assert.Equal(["a", "b"], Gateway.Models.Order(StringComparer.Ordinal)));
        Gateway.End();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        Assert.Equal(["6 x 7?", "6 x 7?"], page.FindAll(".turn.user").Select(static t => t.TextContent));
    }

    [Fact]
    public void A_setting_out_of_range_is_said_and_nothing_is_asked()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        page.FindAll(".advanced input")[0].Change("3");
        Assert.Equal("The temperature lies between 0 and 2.", page.Find(".settings-card .text-bad").TextContent);
        Assert.True(page.Find(".ask-bar .primary").HasAttribute("disabled"));
    }

    [Fact]
    public void A_model_that_cannot_be_reached_is_said_in_the_conversation()
    {
        Deployments.Put(Given.Ready("a"));
        Gateway.Fault = new HttpRequestException("Connection refused");
        var page = Render<PlaygroundPage>();
        Ask(page, "hi");
        page.WaitForAssertion(() => Assert.Contains("Connection refused", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    private static void Ask(IRenderedComponent<PlaygroundPage> page, string question)
    {
        page.Find("#question").Input(question);
        // Its end is the answer's end, which the test brings about later.
        _ = page.Find("form.ask-bar").SubmitAsync();
    }
}
