using Bunit;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;
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
        Assert.Contains("are refused from then on", page.Find("dialog").TextContent, StringComparison.Ordinal);
        page.Find("dialog .danger").Click();
        Assert.Equal(["delete a"], Deployments.Asked);
        Deployments.Remove("a");
        page.WaitForAssertion(() => Assert.Contains("It is gone", page.Markup, StringComparison.Ordinal));
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
