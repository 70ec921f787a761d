using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments;

public sealed class DeploymentsPageTests : PageTest
{
    [Fact]
    public void Without_deployments_the_page_leads_to_the_bundled_model()
    {
        var page = Render<DeploymentsPage>();
        Assert.Equal("deploy?model=slipway%2Ftiny-chat", page.Find(".state-box a").GetAttribute("href"));
    }

    [Fact]
    public void The_list_follows_what_changes()
    {
        var page = Render<DeploymentsPage>();
        Deployments.Put(Given.Deployment("a", DeploymentPhase.Deploying, "Downloading: 10 MB of 20 MB"));
        page.WaitForAssertion(() => Assert.Contains("Starting", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal));
        Deployments.Put(Given.Ready("a"));
        page.WaitForAssertion(() => Assert.Contains("Running", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal));
        Deployments.Remove("a");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-deployment]")));
    }

    [Fact]
    public void Filters_stand_in_the_address_and_come_from_it()
    {
        Deployments.Put(Given.Ready("alpha"));
        Deployments.Put(Given.Deployment("beta", DeploymentPhase.Failed));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/deployments?state=Failed");
        var page = Render<DeploymentsPage>();
        Assert.Equal("beta", page.FindAll("[data-deployment]").Single().GetAttribute("data-deployment"));

        page.Find("select").Change("");
        page.Find("input[type=search]").Input("alp");
        Assert.Equal("alpha", page.FindAll("[data-deployment]").Single().GetAttribute("data-deployment"));
        Assert.Equal("/deployments?q=alp", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
    }

    [Fact]
    public void Traffic_and_costs_stand_beside_each_and_are_read_again()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.Put(Given.Ready("b"));
        Traffic.Stretches = [FakeTraffic.Minute(DateTimeOffset.UnixEpoch, 50, 5, 0.5)];
        Answers.CostRows = [FakeAnswers.Cost("default/a", 1.25m, 30)];
        var page = Render<DeploymentsPage>();
        page.WaitForAssertion(() => Assert.Contains("1.25 USD/h", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal));
        Assert.Contains("30.00 USD this month", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal);
        Assert.Contains("10/min", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal);
        Assert.Contains("10 % failed, first token 500 ms, 20 tokens/s", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal);
        Traffic.Stretches = [];
        Time.Advance(TimeSpan.FromSeconds(10));
        page.WaitForAssertion(() => Assert.Contains("none of late", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Costs_that_may_not_be_read_are_said_once_below()
    {
        Deployments.Put(Given.Ready("a"));
        Answers.CostFault = new UnauthorizedAccessException("You may not list nodes.");
        var page = Render<DeploymentsPage>();
        page.WaitForAssertion(() => Assert.Contains("Costs cannot be read: You may not list nodes.", page.Find(".hint").TextContent, StringComparison.Ordinal));
        Assert.Contains("not read", page.Find("[data-deployment=a]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_sorts_up_down_and_as_before_and_stands_in_the_address()
    {
        foreach (var name in (string[])["b", "a", "c"]) Deployments.Put(Given.Ready(name));
        Answers.CostRows = [FakeAnswers.Cost("default/a", 2, 1), FakeAnswers.Cost("default/b", 3, 1)];
        var page = Render<DeploymentsPage>();
        page.WaitForAssertion(() => Assert.Contains("3.00 USD/h", page.Markup, StringComparison.Ordinal));
        string Order() => string.Concat(page.FindAll("[data-deployment]").Select(static r => r.GetAttribute("data-deployment")));
        AngleSharp.Dom.IElement Cost() => page.FindAll("th button").Single(static b => b.TextContent == "Cost");
        Cost().Click();
        Assert.Equal(("abc", "ascending"), (Order(), Cost().ParentElement!.GetAttribute("aria-sort")));
        Cost().Click();
        Assert.Equal(("bac", "descending"), (Order(), Cost().ParentElement!.GetAttribute("aria-sort")));
        Assert.Equal("/deployments?sort=-cost", JSInterop.Invocations["slipway.replaceAddress"][^1].Arguments[0]);
        Cost().Click();
        Assert.Equal(("bac", "none"), (Order(), Cost().ParentElement!.GetAttribute("aria-sort")));
    }

    [Fact]
    public void Several_are_stopped_at_once_after_a_look_at_what_that_means()
    {
        foreach (var name in (string[])["a", "b", "c"]) Deployments.Put(Given.Ready(name));
        var stopped = Given.Ready("d");
        Deployments.Put(stopped with { Spec = stopped.Spec with { Scaling = new ScalingSpec { Replicas = 0 } } });
        var page = Render<DeploymentsPage>();
        Assert.Empty(page.FindAll(".bulk"));
        foreach (var name in (string[])["a", "c", "d"]) page.Find($"[data-deployment={name}] input").Change(true);
        page.FindAll(".bulk button").Single(static b => b.TextContent == "Stop").Click();
        Assert.Empty(Deployments.Asked);
        Assert.Contains("1 other of those chosen is left alone: stopped already", page.Find("#bulk").TextContent, StringComparison.Ordinal);
        page.Find("#bulk .solid").Click();
        Assert.Equal(["scale a 0", "scale c 0"], Deployments.Asked);
        Assert.Empty(page.FindAll(".bulk"));
    }

    [Fact]
    public void What_is_refused_of_several_is_named_one_by_one_and_stays_chosen()
    {
        foreach (var name in (string[])["a", "b"]) Deployments.Put(Given.Ready(name));
        Deployments.Refusal = "You may not.";
        var page = Render<DeploymentsPage>();
        foreach (var name in (string[])["a", "b"]) page.Find($"[data-deployment={name}] input").Change(true);
        page.FindAll(".bulk button").Single(static b => b.TextContent == "Delete").Click();
        page.Find("#bulk .solid").Click();
        Assert.Equal(["default/a: You may not.", "default/b: You may not."], page.FindAll("[role=alert] li").Select(static l => l.TextContent));
        Assert.Contains("2 chosen", page.Find(".bulk").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_comes_in_portions()
    {
        for (var i = 0; i < 150; i++) Deployments.Put(Given.Ready($"m{i}"));
        var page = Render<DeploymentsPage>();
        Assert.Equal(60, page.FindAll("[data-deployment]").Count);
        page.Find("[data-more]").Click();
        Assert.Equal(120, page.FindAll("[data-deployment]").Count);
        page.Find("[data-more]").Click();
        Assert.Equal(150, page.FindAll("[data-deployment]").Count);
        Assert.Empty(page.FindAll("[data-more]"));
    }

    [Fact]
    public void What_others_wrote_is_text_and_never_markup()
    {
        Deployments.Put(Given.Deployment("a", DeploymentPhase.Failed, "<script>alert(1)</script>\" onload=\"x"));
        var page = Render<DeploymentsPage>();
        Assert.Empty(page.FindAll("script"));
        Assert.Contains("<script>alert(1)</script>", page.Find(".words").TextContent, StringComparison.Ordinal);
    }
}
