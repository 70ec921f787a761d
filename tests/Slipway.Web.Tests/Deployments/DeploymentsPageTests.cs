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
