using Bunit;
using Slipway.Models.Hub;
using Slipway.Models.Store;
using Slipway.Web.Discover;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Discover;

public sealed class DiscoverPageTests : PageTest
{
    [Fact]
    public void Models_of_this_machine_come_first_with_their_whole_fit()
    {
        Answers.Ids = ["slipway/tiny-chat"];
        var page = Render<DiscoverPage>();
        Assert.Equal(["slipway/tiny-chat", "org/small"], page.FindAll("[data-model]").Select(c => c.GetAttribute("data-model")));
        Assert.Contains("Fits", page.Find("#shelf .gauge").TextContent, StringComparison.Ordinal);
        // 4 GiB of weights, and 1,280 tokens of 128 KiB.
        Assert.Contains("4.2 GiB of the 16 GiB of laptop", page.Find("#shelf small").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_000_000_000L, "Should fit")]
    [InlineData(7_000_000_000L, "Tight")]
    [InlineData(70_000_000_000L, "Too large")]
    [InlineData(null, "Size unknown")]
    public void A_listing_is_judged_by_its_size_alone_and_says_so(long? parameters, string words)
    {
        Answers.Search = _ => FakeAnswers.Page(FakeAnswers.Found("org/x", parameters));
        Answers.Model = _ => new ModelError(ModelErrorKind.NotFound, "Its files cannot be read.");
        Assert.Contains(words, Render<DiscoverPage>().Find("#results .gauge").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Letters_are_gathered_before_they_are_searched_for()
    {
        var page = Render<DiscoverPage>();
        var search = page.Find("input[type=search]");
        foreach (var text in (string[])["q", "qw", "qwe"]) search.Input(text);
        Assert.Single(Answers.Searches);
        Time.Advance(TimeSpan.FromMilliseconds(250));
        page.WaitForAssertion(() => Assert.Equal([null, "qwe"], Answers.Searches.Select(s => s.Text)));
    }

    [Fact]
    public void A_search_that_failed_is_an_error_and_never_an_empty_list()
    {
        Answers.Search = _ => new HubAnswer<Slipway.Capacity.Answers.Models.SearchAnswer>(null, new ModelError(ModelErrorKind.RateLimited, "The hub asks to wait 30 s."));
        var page = Render<DiscoverPage>();
        Assert.Contains("The hub asks to wait 30 s.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".state-box"));
    }

    [Fact]
    public void The_next_page_is_added_to_the_first()
    {
        Answers.Search = q => q.Next is null ? FakeAnswers.Page(FakeAnswers.Found("org/a", 1)) with { Next = "more" } : FakeAnswers.Page(FakeAnswers.Found("org/a", 1), FakeAnswers.Found("org/b", 1));
        var page = Render<DiscoverPage>();
        page.Find("button.more").Click();
        Assert.Equal(["org/a", "org/b"], page.FindAll("#results [data-model]").Select(c => c.GetAttribute("data-model")));
    }

    [Fact]
    public void What_must_be_done_first_stands_on_the_card()
    {
        Answers.Search = _ => FakeAnswers.Page(FakeAnswers.Found("org/a", 1, "Accept the terms."));
        Assert.Equal("Accept the terms.", Render<DiscoverPage>().Find("#results .chip.warn").GetAttribute("title"));
    }

    [Fact]
    public void Without_a_right_to_read_the_cluster_models_are_found_all_the_same()
    {
        Answers.CapacityFault = new UnauthorizedAccessException("no right");
        var page = Render<DiscoverPage>();
        Assert.Contains("cannot be read", page.Find(".lead").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll("#results [data-model]"));
    }

    [Fact]
    public void Filters_are_asked_of_the_hub()
    {
        var page = Render<DiscoverPage>();
        page.FindAll("select")[1].Change("8B");
        page.FindAll("input[type=checkbox]")[0].Change(true);
        var query = Answers.Searches[^1];
        Assert.Equal((8_000_000_000, false, "gguf"), (query.MaxParameters, query.KeepUnknown, query.Tags.Single()));
        Assert.Equal("/?size=8B&gguf=true", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
    }

    [Fact]
    public void The_bar_of_a_model_adds_up_to_the_memory()
    {
        var page = Render<ModelPage>(p => p.Add(m => m.Organisation, "org").Add(m => m.Name, "x"));
        Assert.Equal("weights 4 GiB, cache 160 MiB, free 11.8 GiB of 16 GiB", page.Find("svg.bar").GetAttribute("aria-label"));
    }
}
