using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.Rollouts;
using Slipway.Web.Access;
using Slipway.Web.Deploy;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;
using Slipway.Web.Settings;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Access;

/// <summary>A forbidden thing is named, not hidden.</summary>
public sealed class ForbiddenTests : PageTest
{
    [Fact]
    public void A_button_that_would_be_refused_is_disabled_and_described_by_what_is_missing_and_follows()
    {
        Deployments.Put(Given.Ready("a"));
        Rights.Take(Right.Delete, "default");
        Rights.Take(Right.Scale, "default");
        var page = Render<DeploymentPage>(p => p.Add(d => d.Space, "default").Add(d => d.Name, "a"));
        Assert.Contains("default", Rights.Looked);
        foreach (var (button, verb) in new[] { (".page-head .danger", "delete"), ("button[aria-label='One replica more']", "patch"), ("button[aria-label='One replica fewer']", "patch") })
        {
            Assert.True(page.Find(button).HasAttribute("disabled"));
            Assert.Equal($"You may not {verb} modeldeployments.airunway.ai in default. Ask ops.", page.Find("#" + page.Find(button).GetAttribute("aria-describedby")).TextContent);
        }

        Assert.False(page.FindAll("button").Single(static b => b.TextContent == "Edit").HasAttribute("disabled"));
        Rights.Give(Right.Delete, "default");
        page.WaitForAssertion(() => Assert.False(page.Find(".page-head .danger").HasAttribute("disabled")));
        Assert.False(page.Find(".page-head .danger").HasAttribute("aria-describedby"));
    }

    [Fact]
    public void Where_nobody_is_forbidden_anything_nothing_is_said()
    {
        Deployments.Put(Given.Ready("a"));
        Assert.Empty(Render<DeploymentPage>(p => p.Add(d => d.Space, "default").Add(d => d.Name, "a")).FindAll(".notice"));
        Assert.Empty(Render<SettingsPage>().FindAll("#you"));
    }

    [Fact]
    public void A_rollout_that_is_others_to_decide_on_says_so()
    {
        Rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused, 1));
        Rights.Take(Right.Decide, "default");
        var page = Render<RolloutPage>(p => p.Add(r => r.Space, "default").Add(r => r.Name, "r"));
        Assert.All(page.FindAll(".page-head button"), static b => Assert.True(b.HasAttribute("disabled")));
        Assert.Contains("patch modelrollouts.slipway.dev", page.Find(".notice.warn").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Deploying_is_asked_about_in_the_namespace_of_the_manifest()
    {
        Rights.Take(Right.Deploy, "default");
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("deploy?model=org%2Fx");
        var page = Render<DeployPage>();
        Assert.True(page.Find("#send").HasAttribute("disabled"));
        Assert.Contains("create modeldeployments.airunway.ai in default", page.Find("#forbidden").TextContent, StringComparison.Ordinal);
        page.FindAll(".advanced input").Single(static i => i.ParentElement!.QuerySelector("span")!.TextContent == "metadata.namespace").Change("team-a");
        Assert.False(page.Find("#send").HasAttribute("disabled"));
        Assert.Contains("team-a", Rights.Looked);
    }

    [Fact]
    public void An_empty_list_of_somebody_who_may_not_see_all_does_not_say_that_nothing_runs()
    {
        Rights.Take(Right.SeeDeployments, null);
        Rights.Take(Right.SeeRollouts, null);
        foreach (var page in new[] { Render<DeploymentsPage>().Markup, Render<RolloutsPage>().Markup })
        {
            Assert.Contains("that you may see", page, StringComparison.Ordinal);
            Assert.Contains("Ask ops.", page, StringComparison.Ordinal);
            Assert.Contains("settings#you", page, StringComparison.Ordinal);
        }

        Rights.Take(Right.SeeRuntimes, null);
        Assert.Contains("inferenceproviderconfigs", Render<SettingsPage>().Find(".notice.warn").TextContent, StringComparison.Ordinal);
    }
}
