using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Models.Store;
using Slipway.Web.Discover;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Discover;

public sealed class ComparePageTests : PageTest
{
    public ComparePageTests()
    {
        Answers.Model = q => FakeAnswers.Answer(q.Id, q.Id.EndsWith("big", StringComparison.Ordinal) ? 40L << 30 : 4L << 30);
        Answers.Plans = q => FakeAnswers.Plan(q.Model.Id, "l4", q.Model.Id.EndsWith("big", StringComparison.Ordinal) ? 4m : 0.8m, 5m, 30);
    }

    [Fact]
    public void Models_of_the_address_stand_side_by_side_with_the_same_numbers_as_their_cards()
    {
        var page = Open("/compare?models=org/small,org/big");
        Assert.Equal(["org/small", "org/big"], page.FindAll("[data-compared]").Select(static c => c.GetAttribute("data-compared")));
        Assert.Equal(["Fits", "Too large"], Cells(page, "Fit").Select(static c => c.Split(':')[0]));
        Assert.Equal(["0.80 USD", "4.00 USD"], Cells(page, "An hour, rented").Select(static c => c.Split(',')[0]));
        Assert.Equal(["4 GiB", "40 GiB"], Cells(page, "Weights"));
        Assert.Equal(["25–35 tokens/s on L4", "25–35 tokens/s on L4"], Cells(page, "Tokens a second, one answer"));
    }

    [Fact]
    public void Taking_one_out_changes_the_address()
    {
        var page = Open("/compare?models=org/small,org/big");
        page.Find("button[aria-label='Take out org/small']").Click();
        Assert.Equal(["org/big"], page.FindAll("[data-compared]").Select(static c => c.GetAttribute("data-compared")));
        Assert.Equal("/compare?models=org%2Fbig", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
    }

    [Fact]
    public void Another_hardware_is_asked_anew_for_all()
    {
        var page = Open("/compare?models=org/small&on=t4");
        Answers.Model = q => FakeAnswers.Answer(q.Id, 4L << 30) with { Accelerators = [FakeAnswers.Fit(q.Accelerators.Single(), 200)] };
        page.Find("#hardware").Change("b200");
        Assert.Equal(["195–205 tokens/s on B200"], Cells(page, "Tokens a second, one answer"));
        Assert.Equal("/compare?models=org%2Fsmall&on=b200", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
    }

    [Theory]
    [InlineData("a/1,a/2,a/3,a/4,a/5", "1 entry of the address is not shown")]
    [InlineData("a/1,a/1,nonsense", "2 entries of the address are not shown")]
    public void What_the_address_has_too_much_is_said(string models, string words) => Assert.Contains(words, Open($"/compare?models={models}").Find(".notice").TextContent, StringComparison.Ordinal);

    [Fact]
    public void A_model_that_cannot_be_read_leaves_the_others_alone()
    {
        Answers.Model = q => q.Id == "org/gone" ? new ModelError(ModelErrorKind.NotFound, "There is no org/gone. Check its name.") : FakeAnswers.Answer(q.Id, 4L << 30);
        var page = Open("/compare?models=org/gone,org/small");
        Assert.Equal(["unknown", "4 GiB"], Cells(page, "Weights"));
        Assert.Contains("There is no org/gone. Check its name.", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_choice_it_leads_to_the_models() => Assert.Equal("Nothing is chosen", Open("/compare").Find(".state-title").TextContent);

    private static IEnumerable<string> Cells(IRenderedComponent<ComparePage> page, string row) => page.FindAll($"[data-row='{row}'] td").Select(static c => c.TextContent);

    private IRenderedComponent<ComparePage> Open(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<ComparePage>();
    }
}
