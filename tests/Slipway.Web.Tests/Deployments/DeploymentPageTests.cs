using Bunit;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments;

public sealed class DeploymentPageTests : PageTest
{
    [Fact]
    public void What_is_wrong_is_said_with_what_to_do()
    {
        Deployments.Put(Given.Deployment("a", DeploymentPhase.Failed, "", Given.IsNot(ConditionTypes.ModelDownloaded, "NotFound", "There is no such repository. Check its name.")));
        var page = Open("a");
        Assert.Contains("Its weights cannot be had", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("Check its name", page.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_asks_for_one_more_or_one_fewer_and_says_a_refusal()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.Find("button[aria-label='One replica more']").Click();
        page.Find("button[aria-label='One replica fewer']").Click();
        Assert.Equal(["scale a 2", "scale a 0"], Deployments.Asked);
        Deployments.Refusal = "You may not.";
        page.Find("button[aria-label='One replica more']").Click();
        Assert.Contains("You may not.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deletion_is_asked_about_with_its_consequences()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.Find(".page-head .danger").Click();
        Assert.Empty(Deployments.Asked);
        Assert.Contains("are refused from then on", page.Find("#delete").TextContent, StringComparison.Ordinal);
        page.Find("#delete .danger").Click();
        Assert.Equal(["delete a"], Deployments.Asked);
        Deployments.Remove("a");
        page.WaitForAssertion(() => Assert.Contains("It is gone", page.Markup, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Stop", "#stop", "costs nothing while it is stopped", "scale a 0")]
    [InlineData("Restart", "#restart", "caches of prompts begin empty", "restart a")]
    public void What_ends_answers_is_asked_about_with_its_consequences(string button, string dialog, string consequence, string asked)
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.FindAll(".page-head button").First(b => b.TextContent == button).Click();
        Assert.Empty(Deployments.Asked);
        Assert.Contains(consequence, page.Find(dialog).TextContent, StringComparison.Ordinal);
        page.Find($"{dialog} .button:last-child").Click();
        Assert.Equal([asked], Deployments.Asked);
    }

    [Fact]
    public void What_is_stopped_can_be_started_and_what_is_left_alone_followed_again()
    {
        var ready = Given.Ready("a");
        Deployments.Put(ready with { Spec = ready.Spec with { Scaling = new ScalingSpec { Replicas = 0 } } });
        var page = Open("a");
        page.FindAll(".page-head button").First(static b => b.TextContent == "Start").Click();
        page.FindAll(".page-head button").First(static b => b.TextContent == "Leave it as it is").Click();
        Deployments.Put(ready with { Metadata = ready.Metadata with { Annotations = new Dictionary<string, string> { [ModelDeployment.PausedAnnotation] = "true" } } });
        page.FindAll(".page-head button").First(static b => b.TextContent == "Follow the manifest again").Click();
        Assert.Equal(["scale a 1", "pause a", "resume a"], Deployments.Asked);
        Deployments.Refusal = "You may not.";
        page.FindAll(".page-head button").First(static b => b.TextContent == "Follow the manifest again").Click();
        Assert.Contains("You may not.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_made_of_it_is_read_when_it_is_looked_at_and_differences_are_named()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.Upstream.Add(new UpstreamObject("Deployment", "a", "kind: Deployment", IsThere: true, [new UpstreamDifference("spec.replicas", "2", "1"), new UpstreamDifference("spec.paused", "true", null)]));
        Deployments.Upstream.Add(new UpstreamObject("Service", "a", "kind: Service", IsThere: false, []));
        var page = Open("a");
        Assert.DoesNotContain("kind: Service", page.Markup, StringComparison.Ordinal);
        page.Find("details.upstream").TriggerEvent("ontoggle", EventArgs.Empty);
        Assert.Equal(["2 differences", "not there yet"], page.FindAll(".upstream .chip").Select(static c => c.TextContent));
        Assert.Equal(["spec.replicas", "2", "1", "spec.paused", "true", "not there"], page.FindAll(".upstream td").Select(static c => c.TextContent));
        Assert.Contains("kind: Service", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_stand_by_their_nodes_and_those_that_wait_say_what_for()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.PlaceList.AddRange([new("a-1", "node-b", "Ready", null, 2), new("a-0", "node-a", "Ready", null, 0), new("a-2", null, "Waiting for a node", "0/2 nodes are available", 0)]);
        var list = Open("a").Find(".replicas");
        Assert.Equal(["capacity#node-node-a", "capacity#node-node-b"], list.QuerySelectorAll("a").Select(static a => a.GetAttribute("href")));
        Assert.Contains("a-1, started again 2 times", list.TextContent, StringComparison.Ordinal);
        Assert.Contains("0/2 nodes are available", list.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_and_text_of_the_editor_follow_each_other()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.FindAll("button").First(b => b.TextContent == "Edit").Click();
        page.Find(".editor input[type=number]").Change("3");
        Assert.Contains("replicas: 3", page.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);
        page.Find("textarea").Input(page.Find("textarea").GetAttribute("value")!.Replace("replicas: 3", "replicas: 4", StringComparison.Ordinal));
        Assert.Equal("4", page.Find(".editor input[type=number]").GetAttribute("value"));
        page.Find(".editor .primary").Click();
        Assert.Equal(4, Deployments.Sent!.Spec.Scaling!.Replicas);
        Assert.Empty(page.FindAll(".editor"));
    }

    [Theory]
    [InlineData("id: org/a", "id: org/a\n    colour: red", "no field colour")]
    [InlineData("name: a", "name: b", "name and namespace stay as they are")]
    public void What_cannot_be_sent_is_said_and_not_sent(string old, string now, string message)
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.FindAll("button").First(b => b.TextContent == "Edit").Click();
        page.Find("textarea").Input(page.Find("textarea").GetAttribute("value")!.Replace(old, now, StringComparison.Ordinal));
        Assert.Contains(message, page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find(".editor .primary").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("curl", "curl http://127.0.0.1:7080/v1/chat/completions")]
    [InlineData("Python", "base_url=\"http://127.0.0.1:7080/v1\"")]
    [InlineData("C#", "new ChatClient(\"a\"")]
    [InlineData("JavaScript", "baseURL: 'http://127.0.0.1:7080/v1'")]
    public void The_endpoint_is_shown_as_a_program_asks_it(string language, string text)
    {
        Deployments.Put(Given.Ready("a"));
        var page = Open("a");
        page.FindAll("[role=tab]").First(t => t.TextContent == language).Click();
        Assert.Contains(text, page.Find("[role=tabpanel] pre").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_there_leads_back() => Assert.Contains("There is no deployment x in default", Open("x").Markup, StringComparison.Ordinal);

    private IRenderedComponent<DeploymentPage> Open(string name) => Render<DeploymentPage>(p => p.Add(d => d.Space, "default").Add(d => d.Name, name));
}
