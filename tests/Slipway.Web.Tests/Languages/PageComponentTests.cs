using Bunit;
using Slipway.Web.Deployments;
using Slipway.Web.Languages;
using Slipway.Web.Layout;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Languages;

/// <summary>Pages in German, from the first drawing on.</summary>
public sealed class PageComponentTests : PageTest
{
    [Fact]
    public void A_change_that_is_told_on_a_flow_without_a_language_is_drawn_in_that_of_whoever_looks()
    {
        Deployments.Put(Given.Deployment("a"));
        Language.Current = Language.Find("de")!;
        var page = Render<DeploymentsPage>();
        Assert.Equal("Wartet", page.Find("tbody .chip").TextContent);
        Language.Current = Language.English;
        Deployments.Put(Given.Ready("a"));
        page.WaitForAssertion(() => Assert.Equal("Läuft", page.Find("tbody .chip").TextContent));
        Assert.Same(Language.English, Language.Current);
        // What addresses know a state by is the same in all languages.
        Assert.Contains("Running", page.FindAll("select option").Select(static o => o.GetAttribute("value")));
    }

    [Fact]
    public void A_sentence_has_its_links_where_the_language_has_them()
    {
        Language.Current = Language.Find("de")!;
        var page = Render<NotFoundPage>();
        Assert.Equal("Es wurde vielleicht gelöscht oder umbenannt. Sehen, was läuft, oder ein Modell suchen.", page.Find(".state-text p").TextContent);
        Assert.Equal(["deployments", ""], page.FindAll(".state-text a").Select(static a => a.GetAttribute("href")));
    }

    [Fact]
    public void Numbers_stay_as_they_are_and_take_the_forms_of_the_language()
    {
        Language.Current = Language.Find("de")!;
        Assert.Equal(["0 Replikate", "1 Replikat", "2 Replikate"], new[] { 0, 1, 2 }.Select(static n => Words.Count(n, "{0} replica", "{0} replicas")));
        Assert.Equal("4,096 Token", Words.T("{0:N0} tokens", 4096));
    }

    [Fact]
    public void The_settings_offer_each_language_by_its_own_name()
    {
        Language.Current = Language.Find("de")!;
        var choices = Render<LanguageCard>().FindAll("[data-language-choice]");
        Assert.Equal([("en", "English", "false"), ("de", "Deutsch", "true"), ("", "Wie der Browser sagt", null)], choices.Select(static c => (c.GetAttribute("data-language-choice"), c.TextContent, c.GetAttribute("aria-pressed"))));
        Assert.Equal(["en", "de", null], choices.Select(static c => c.GetAttribute("lang")));
    }
}
