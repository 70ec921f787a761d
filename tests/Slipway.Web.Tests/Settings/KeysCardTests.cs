using Bunit;
using Slipway.Api.Keys;
using Slipway.Web.Access;
using Slipway.Web.Settings.Keys;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Settings;

public sealed class KeysCardTests : PageTest
{
    [Fact]
    public void A_key_is_listed_with_what_it_opens_and_what_was_done_with_it()
    {
        Deployments.Put(Given.Ready("a"));
        Keys.Require("default");
        Keys.Put(FakeKeys.Key("default", "shop") with
        {
            Spec = FakeKeys.Key("default", "shop").Spec with { Models = ["a"], RequestsPerMinute = 6000, ConcurrentRequests = 4, Expires = Time.GetUtcNow().AddDays(-1) },
            Status = new ApiKeyStatus { LastUsed = Time.GetUtcNow().AddSeconds(-30), Requests = 1, Limited = 2 },
        });
        var cells = Render<KeysCard>().FindAll("tbody td").Select(static c => c.TextContent.Trim()).ToArray();
        Assert.Equal(["shopdefault", "a", "6,000 requests a minute, 4 at one time", "ended", "30 s ago1 request, 2 limited"], cells[..5]);
        Assert.Contains("so it is in default", Render<KeysCard>().Find("p").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_shown_once()
    {
        var card = Render<KeysCard>();
        card.Find("#key-name").Change("shop");
        Field(card, "Models").Change("a, b");
        Field(card, "Requests a minute").Change("60");
        Field(card, "Ends after").Change("90");
        card.Find("#new-key").Submit();
        var draft = Keys.Wanted.Single();
        Assert.Equal(("default", "shop", 60, 90), (draft.Space, draft.Name, draft.RequestsPerMinute, draft.Days));
        Assert.Equal(["a", "b"], draft.Models);
        Assert.Equal("slk_secret", card.Find("pre").TextContent);
        Assert.Single(card.FindAll("tbody tr"));
        Assert.Null(card.Find("#key-name").GetAttribute("value"));
        card.FindAll("button").Single(static b => b.TextContent == "I have it").Click();
        Assert.DoesNotContain("slk_secret", card.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("slk_secret", new KeyMade("slk_secret", null).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_stays_in_the_fields()
    {
        Keys.Refusal = "There is a key default/shop already.";
        var card = Render<KeysCard>();
        card.Find("#new-key").Submit();
        Assert.Contains("Give it a name", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        card.Find("#key-name").Change("shop");
        Field(card, "Tokens").Change("0");
        card.Find("#new-key").Submit();
        Assert.Contains("at least 1", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Keys.Wanted);
        Field(card, "Tokens").Change("");
        card.Find("#new-key").Submit();
        Assert.Contains("already", card.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("shop", card.Find("#key-name").GetAttribute("value"));
    }

    [Fact]
    public void It_is_deleted_after_a_second_word()
    {
        Keys.Put(FakeKeys.Key("default", "shop"));
        var card = Render<KeysCard>();
        card.Find("[aria-label='Delete shop …']").Click();
        Assert.Single(Keys.All);
        card.FindAll("button").Single(static b => b.TextContent == "Delete shop").Click();
        Assert.Empty(Keys.All);
        Assert.Contains("There is none yet", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_right_nothing_can_be_pressed_and_it_is_said_why()
    {
        Keys.Put(FakeKeys.Key("default", "shop"));
        Rights.Take(Right.MakeKeys, "default");
        Rights.Take(Right.DeleteKeys, "default");
        var card = Render<KeysCard>();
        Assert.True(card.Find("[aria-label='Delete shop …']").HasAttribute("disabled"));
        Assert.True(card.Find("#new-key [type=submit]").HasAttribute("disabled"));
        Field(card, "Namespace").Change("team-b");
        Assert.Contains("team-b", Rights.Looked);
        Assert.False(card.Find("#new-key [type=submit]").HasAttribute("disabled"));
        Field(card, "Namespace").Change("");
        Assert.Contains("You may not create apikeys.slipway.dev in default", card.Find("#new-key .hint").TextContent, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<KeysCard> card, string name) =>
        card.FindAll("#new-key label").Single(l => l.TextContent.StartsWith(name, StringComparison.Ordinal)).QuerySelector("input")!;
}
