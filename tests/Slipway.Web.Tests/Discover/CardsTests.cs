using AngleSharp.Dom;
using Bunit;
using Slipway.Models.Hub;
using Slipway.Models.Store;
using Slipway.Web.Discover;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Discover;

/// <summary>Cards of the hub's models with the numbers of their own files.</summary>
public sealed class CardsTests : PageTest
{
    public CardsTests() => Answers.Plans = q => FakeAnswers.Plan(q.Model.Id, q.Model.Accelerators is [var key, ..] ? key : "l4", 0.8m, 5.25m, 30);

    [Fact]
    public void A_card_says_context_speed_and_price_beside_the_fit()
    {
        var card = Render<DiscoverPage>().Find("#results [data-model='org/small']");
        Assert.Contains("4.1k tokens of context", card.Text(), StringComparison.Ordinal);
        Assert.Equal("25–35 tokens/s on L4 0.80 USD an hour rented 5.25 USD a million tokens out", Words(card.QuerySelector("[data-answers]")!));
        // The whole sum, no longer the listing's size alone.
        Assert.Contains("4.2 GiB of the 16 GiB of laptop", card.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_hardware_is_asked_about_everything_and_stands_in_the_address()
    {
        Answers.Model = q => FakeAnswers.Answer(q.Id, 4L << 30) with { Accelerators = [FakeAnswers.Fit(q.Accelerators is [var key, ..] ? key : "t4", 90)] };
        var page = Render<DiscoverPage>();
        page.Find("#hardware").Change("h100-sxm");
        Assert.StartsWith("85–95 tokens/s on H100-SXM", Words(page.Find("#results [data-answers]")), StringComparison.Ordinal);
        Assert.Contains("It fits with room.", page.Find("#results").TextContent, StringComparison.Ordinal);
        Assert.Contains("are for H100 SXM5 80GB", page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Equal("/?on=h100-sxm", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
    }

    [Fact]
    public void What_cannot_be_read_is_said_on_its_card_alone()
    {
        Answers.Search = _ => FakeAnswers.Page(FakeAnswers.Found("org/gated", 1_000_000_000), FakeAnswers.Found("org/open", 1_000_000_000));
        Answers.Model = q => q.Id == "org/gated" ? new ModelError(ModelErrorKind.GatedOrPrivate, "Accept the terms of org/gated first.") : FakeAnswers.Answer(q.Id, 1L << 30);
        var page = Render<DiscoverPage>();
        Assert.Equal("Accept the terms of org/gated first.", page.Find("[data-model='org/gated'] [data-missing]").TextContent);
        Assert.Empty(page.FindAll("[data-model='org/gated'] [data-answers]"));
        Assert.NotEmpty(page.FindAll("[data-model='org/open'] [data-answers]"));
    }

    [Fact]
    public void Without_a_machine_to_rent_the_reason_stands_where_the_price_would()
    {
        Answers.Plans = _ => new ModelError(ModelErrorKind.NotFound, "No machine type is known.");
        Assert.Equal("No machine type is known.", Render<DiscoverPage>().Find("#results [data-missing]").TextContent);
    }

    [Fact]
    public void Four_can_be_chosen_and_the_choice_stands_in_the_address()
    {
        Answers.Search = _ => FakeAnswers.Page([.. Enumerable.Range(0, 5).Select(i => FakeAnswers.Found($"org/m{i}", 1_000_000))]);
        var page = Render<DiscoverPage>();
        for (var i = 0; i < 4; i++) page.Find($"input[aria-label='Compare org/m{i}']").Change(true);
        Assert.True(page.Find("input[aria-label='Compare org/m4']").HasAttribute("disabled"));
        Assert.Equal("compare?models=org%2Fm0%2Corg%2Fm1%2Corg%2Fm2%2Corg%2Fm3", page.Find(".compare-bar a").GetAttribute("href"));
        Assert.Equal("/?compare=org%2Fm0%2Corg%2Fm1%2Corg%2Fm2%2Corg%2Fm3", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
        page.Find("input[aria-label='Compare org/m0']").Change(false);
        Assert.False(page.Find("input[aria-label='Compare org/m4']").HasAttribute("disabled"));
    }

    [Fact]
    public void A_catalogue_that_stands_in_for_the_hub_is_not_asked_about_model_by_model()
    {
        var asked = new List<string>();
        Answers.Search = _ => FakeAnswers.Page(FakeAnswers.Found("org/a", 1_000_000)) with { Origin = "BundledCatalogue", Because = "The hub does not answer." };
        Answers.Model = q => Asked(q.Id);
        Answers.Ids = ["own/b"];
        Assert.Single(Render<DiscoverPage>().FindAll("[data-answers]"));
        Assert.DoesNotContain("org/a", asked);

        HubAnswer<Slipway.Capacity.Answers.Models.ModelAnswer> Asked(string id)
        {
            asked.Add(id);
            return FakeAnswers.Answer(id, 1L << 30);
        }
    }

    private static string Words(IElement element) => string.Join(' ', element.QuerySelectorAll("span").Select(static s => s.TextContent));
}
