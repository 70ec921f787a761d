using System.Text.Json;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Access;
using Slipway.Web.Deployments;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Rollouts;

public sealed class BeginFormTests : PageTest
{
    [Fact]
    public void An_edit_is_begun_as_a_rollout_of_what_is_different()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open();
        Write(page, "id: org/a", "id: org/b\n    quantization: Q4_K_M");
        Safely(page);
        Assert.Contains("id: org/b", page.Find(".begin pre").TextContent, StringComparison.Ordinal);
        Assert.True(Begin(page).HasAttribute("disabled"));
        page.Find(".begin select").Change("arithmetic");
        page.Find(".begin input[type=number]").Change("2.5");
        page.Find(".begin input[placeholder='10, 50']").Change("5, 25, 100");
        page.Find(".begin input[type=checkbox]").Change(true);
        Assert.Contains("5, then 25, then 100 of 100 requests", page.Find(".begin ol").TextContent, StringComparison.Ordinal);
        Begin(page).Click();

        var draft = Rollouts.Begun!;
        Assert.Equal("a-19700101-000100", draft.Name);
        var rollout = draft.Rollout();
        Assert.Equal("""{"model":{"id":"org/b","quantization":"Q4_K_M"}}""", JsonSerializer.Serialize(rollout.Spec.Candidate));
        Assert.Equal(["a-19700101-000100"], rollout.Spec.Steps[0].Gates);
        Assert.NotNull(rollout.Spec.Steps[1].Pause);
        Assert.Equal([5, 25, 100], rollout.Spec.Steps.Skip(2).Select(static s => s.Canary!.Weight));
        Assert.Equal((0.025, "arithmetic"), (draft.Gate().Spec.Margin, draft.Gate().Spec.SuiteRef.Name));
        Assert.Null(Deployments.Sent);
        Assert.EndsWith("rollouts/default/a-19700101-000100", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_that_is_too_small_is_said_before_and_may_be_tried_all_the_same()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open();
        Write(page, "id: org/a", "id: org/b");
        Safely(page);
        page.Find(".begin select").Change("ours");
        Assert.Contains("too few", page.Find(".begin .notice").TextContent, StringComparison.Ordinal);
        Assert.True(Begin(page).HasAttribute("disabled"));
        page.FindAll(".begin input[type=checkbox]")[1].Change(true);
        Begin(page).Click();
        Assert.True(Rollouts.Begun!.Quality.AllowUnderpowered);
    }

    [Theory]
    [InlineData("input[placeholder='10, 50']", "10, x", "numbers from 1 to 100")]
    [InlineData("input[placeholder='10, 50']", "0", "numbers from 1 to 100")]
    [InlineData("input[type=number]", "95", "0.1 to 90 points")]
    public void What_makes_no_sense_is_said_and_not_begun(string field, string value, string message)
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open();
        Write(page, "id: org/a", "id: org/b");
        Safely(page);
        page.Find(".begin select").Change("arithmetic");
        page.Find($".begin {field}").Change(value);
        Assert.Contains(message, page.Find(".begin [role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(Begin(page).HasAttribute("disabled"));
    }

    [Fact]
    public void A_label_that_is_changed_or_taken_away_is_not_dropped_in_silence()
    {
        var ready = Given.Ready("a");
        Deployments.Put(ready with { Metadata = ready.Metadata with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "x" } } });
        var page = Open();
        Write(page, "id: org/a", "id: org/b");
        Write(page, "team: x", "team: y");
        Safely(page);
        page.Find(".begin select").Change("arithmetic");
        Assert.Contains("no part of a rollout", page.Find(".begin [role=alert]").TextContent, StringComparison.Ordinal);
        Write(page, "\n  labels:\n    team: y", "");
        Assert.Contains("no part of a rollout", page.Find(".begin [role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_different_is_nothing_to_begin_and_a_deployment_that_does_not_answer_cannot_be_compared_with()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open();
        Safely(page);
        Assert.Contains("Nothing is different yet", page.Find(".begin").TextContent, StringComparison.Ordinal);
        Assert.True(Begin(page).HasAttribute("disabled"));

        Deployments.Put(Given.Deployment("a", DeploymentPhase.Deploying, ""));
        page = Open();
        Assert.True(page.FindAll(".editor input[name=how]")[1].HasAttribute("disabled"));
    }

    [Fact]
    public void A_refusal_stays_beside_what_was_asked_and_a_right_that_is_missing_is_named()
    {
        Deployments.Put(Given.Ready("a"));
        Rollouts.Refusal = "There is a rollout already.";
        var page = Open();
        Write(page, "id: org/a", "id: org/b");
        Safely(page);
        page.Find(".begin select").Change("arithmetic");
        Begin(page).Click();
        Assert.Contains("There is a rollout already.", page.Find(".begin [role=alert]").TextContent, StringComparison.Ordinal);
        Rights.Take(Right.BeginRollouts, "default");
        page.WaitForAssertion(() => Assert.True(Begin(page).HasAttribute("disabled")));
        Assert.Contains("create modelrollouts", page.Find("#missing-create-modelrollouts").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<DeploymentPage> Open()
    {
        var page = Render<DeploymentPage>(p => p.Add(d => d.Space, "default").Add(d => d.Name, "a"));
        page.FindAll("button").First(b => b.TextContent == "Edit").Click();
        return page;
    }

    private static void Write(IRenderedComponent<DeploymentPage> page, string old, string now) =>
        page.Find("textarea").Input(page.Find("textarea").GetAttribute("value")!.Replace(old, now, StringComparison.Ordinal));

    private static void Safely(IRenderedComponent<DeploymentPage> page) => page.FindAll(".editor input[name=how]")[1].Change(true);

    private static IElement Begin(IRenderedComponent<DeploymentPage> page) => page.FindAll(".begin button").Single(static b => b.TextContent == "Begin the rollout");
}
