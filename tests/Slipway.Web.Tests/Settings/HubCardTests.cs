using Bunit;
using Slipway.Web.Settings.Account;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Settings;

public sealed class HubCardTests : PageTest
{
    [Fact]
    public void A_token_signs_in_and_comes_back_to_no_page()
    {
        var card = Render<HubCard>();
        card.WaitForAssertion(() => Assert.Contains("Nobody is signed in", card.Markup, StringComparison.Ordinal));
        card.Find("#hub-token").Change("hf_wrong");
        card.Find("form").Submit();
        Assert.Contains("does not know this token", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_wrong", card.Markup, StringComparison.Ordinal);
        card.Find("#hub-token").Change(FakeHubAccount.Right);
        card.Find("form").Submit();
        Assert.Contains("as ada, with a token that may read", card.Markup.Replace("<b>", "", StringComparison.Ordinal).Replace("</b>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeHubAccount.Right, card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("[role=alert]"));
        card.FindAll("button").Single(static b => b.TextContent == "Sign out").Click();
        Assert.Contains("Nobody is signed in", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_the_environment_is_named_and_cannot_be_changed_here()
    {
        Hub.State = Hub.State with { Name = "ada", FromEnvironment = true };
        var card = Render<HubCard>();
        card.WaitForAssertion(() => Assert.Contains("HF_TOKEN", card.Markup, StringComparison.Ordinal));
        Assert.Empty(card.FindAll("form, button"));
    }

    [Fact]
    public void A_hub_that_does_not_say_whose_it_is_is_heard_and_another_token_may_be_given()
    {
        Hub.State = Hub.State with { Fault = "The hub does not answer." };
        var card = Render<HubCard>();
        card.WaitForAssertion(() => Assert.Contains("does not answer", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Single(card.FindAll("#hub-token"));
        Assert.Contains(card.FindAll("button"), static b => b.TextContent == "Sign out");
    }

    [Fact]
    public void Where_people_sign_in_it_leads_to_a_secret()
    {
        Hub.IsMine = false;
        var card = Render<HubCard>();
        Assert.Contains("kubectl create secret generic hf", card.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("input"));
    }
}
