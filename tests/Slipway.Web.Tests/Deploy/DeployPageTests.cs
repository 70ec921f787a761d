using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Web.Deploy;
using Slipway.Web.Deployments;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deploy;

public sealed class DeployPageTests : PageTest
{
    [Fact]
    public void A_duplicate_begins_with_what_is_there_under_a_name_that_is_free()
    {
        var first = Given.Ready("a");
        Deployments.Put(first with { Spec = first.Spec with { Scaling = new ScalingSpec { Replicas = 3 } } });
        Deployments.Put(Given.Ready("a-2"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/deploy?from=default%2Fa");
        var page = Render<DeployPage>();
        var text = Text(page);
        Assert.Contains("name: a-3", text, StringComparison.Ordinal);
        Assert.Contains("modelName: a-3", text, StringComparison.Ordinal);
        Assert.Contains("replicas: 3", text, StringComparison.Ordinal);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/deploy?from=default%2Fnone");
        Assert.DoesNotContain("name: none", Text(Render<DeployPage>()), StringComparison.Ordinal);
    }

    [Fact]
    public void One_answered_question_is_a_whole_manifest()
    {
        var page = Open("org/My-Model");
        Assert.Contains("name: my-model", Text(page), StringComparison.Ordinal);
        page.Find("#send").Click();
        Assert.Equal(["create my-model"], Deployments.Asked);
        Assert.EndsWith("/deployments/default/my-model", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sentence_says_what_will_happen_with_what_was_computed()
    {
        var sentence = Open("org/x").Find(".sentence").TextContent;
        Assert.Contains("Slipway starts org/x with llama.cpp (runtime: This machine).", sentence, StringComparison.Ordinal);
        Assert.Contains("about 4.2 GiB of the 16 GiB of laptop, with 1 request at a time", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void More_traffic_takes_more_memory()
    {
        var page = Open("org/x");
        page.FindAll("input[name=load]")[2].Change(true);
        Assert.Contains("cache 10 GiB", page.Find("svg.bar").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("64 requests at a time", page.Find(".sentence").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Runtimes_come_from_what_makes_itself_known()
    {
        Deployments.RuntimeList.Add(FakeDeployments.Runtime("third-party", "Somebody's runtime", EngineType.SgLang));
        var page = Open("org/x");
        page.FindAll("input[name=where]")[2].Change(true);
        Assert.Contains("name: third-party", Text(page), StringComparison.Ordinal);
        page.FindAll("input[name=where]")[0].Change(true);
        Assert.DoesNotContain("provider", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_and_manifest_follow_each_other()
    {
        var page = Open("org/x");
        page.Find("#manifest").Input(Text(page).Replace("org/x", "org/y", StringComparison.Ordinal) + "\n  scaling:\n    replicas: 2\n");
        Assert.Equal("org/y", page.Find("#model").GetAttribute("value"));
        Assert.Contains("Slipway starts 2 copies of org/y", page.Find(".sentence").TextContent, StringComparison.Ordinal);
        page.Find("#model").Change("org/z");
        Assert.Contains("replicas: 2", Text(page), StringComparison.Ordinal);
        Assert.Contains("name: z", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_was_given_stays()
    {
        var page = Open("org/x");
        page.Find(".advanced input").Change("mine");
        page.Find("#model").Change("org/z");
        Assert.Contains("name: mine", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_said_before_it_is_sent()
    {
        var page = Open("org/x");
        page.Find(".advanced input").Change("Not A Name");
        Assert.Contains("metadata.name: is a name of at most 63", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("#send").HasAttribute("disabled"));
    }

    [Fact]
    public void A_refusal_is_shown_and_the_manifest_stays()
    {
        Deployments.Refusal = "There is a deployment default/x already.";
        var page = Open("org/x");
        page.Find("#send").Click();
        Assert.Contains("already", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("org/x", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_can_run_it_the_sentence_says_why()
    {
        Deployments.Choice = new RuntimePreview(null, "no ready runtime offers an engine for it", null, "");
        Assert.Contains("Nothing here would run org/x: no ready runtime offers", Open("org/x").Find(".sentence").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spec.scaling.autoscaling.maxReplicas", "4", "maxReplicas: 4")]
    [InlineData("spec.scaling.autoscaling.minReplicas", "2", "minReplicas: 2")]
    [InlineData("spec.resources.gpu.type", "amd.com/gpu", "type: amd.com/gpu")]
    [InlineData("spec.resources.memory", "32Gi", "memory: \"32Gi\"")]
    [InlineData("spec.resources.cpu", "4", "cpu: \"4\"")]
    [InlineData("spec.engine.image", "ghcr.io/org/engine:1", "image: ghcr.io/org/engine:1")]
    [InlineData("spec.engine.args", "max-num-seqs=64", "max-num-seqs: \"64\"")]
    [InlineData("spec.env", "A=b", "value: b")]
    public void A_field_and_the_manifest_follow_each_other(string field, string value, string line)
    {
        var page = Open("org/x");
        var before = Text(page);
        Field(page, field).Change(value);
        Assert.Contains(line, Text(page), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[role=alert]"));
        var written = Text(page);
        Field(page, field).Change("");
        if (field.EndsWith("minReplicas", StringComparison.Ordinal)) Field(page, "spec.scaling.autoscaling.maxReplicas").Change("");
        Assert.Equal(before, Text(page));
        page.Find("#manifest").Input(written);
        Assert.Equal(value, Field(page, field).GetAttribute("value"));
    }

    [Fact]
    public void A_line_that_is_none_is_said_and_the_manifest_stays()
    {
        var page = Open("org/x");
        var before = Text(page);
        Field(page, "spec.env").Change("A=1\nA=2");
        Assert.Equal("The manifest stays as it is: A is there twice.", page.Find("[role=alert]").TextContent);
        Assert.Equal(before, Text(page));
    }

    [Fact]
    public void Autoscaling_is_in_the_sentence()
    {
        var page = Open("org/x");
        Field(page, "spec.scaling.autoscaling.maxReplicas").Change("4");
        Assert.Contains("With the load they become 1 to 4.", page.Find(".sentence").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_kept_in_a_repository_as_kustomize_or_helm_has_it()
    {
        var page = Open("org/x");
        Assert.Contains("kind: Kustomization", page.Find("[aria-label='kustomization.yaml']").TextContent, StringComparison.Ordinal);
        page.FindAll("button").Single(static b => b.TextContent == "Download both").Click();
        Assert.Equal("x.zip", JSInterop.VerifyInvoke("slipway.save").Arguments[0]);
        page.FindAll("[role=tab]").Single(static b => b.TextContent == "Helm").Click();
        Assert.Contains("models:", page.Find("[aria-label='Values for Helm']").TextContent, StringComparison.Ordinal);
        page.Find(".advanced input").Change("Not A Name");
        Assert.Empty(page.FindAll("[aria-label='Values for Helm']"));
    }

    private static AngleSharp.Dom.IElement Field(IRenderedComponent<DeployPage> page, string name) =>
        page.FindAll(".advanced label").First(l => l.TextContent.Split(',')[0].Trim() == name).QuerySelector("input, textarea")!;

    [Fact]
    public void What_the_namespace_has_no_room_for_is_said_before_it_is_sent_and_can_be_sent()
    {
        Answers.Room = static d => new RoomAnswer(
            d.Metadata.Namespace == "team-a" ? [new RoomFact("quota q: 6 of 8 devices of gpu.nvidia.com used, this asks for 4", false)] : [new RoomFact("quota q: 0 of 8 pods used, this asks for 1", true)], []);
        var page = Open("org/x");
        Assert.Contains("In namespace default: quota q: 0 of 8 pods used", page.Find("#room").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".notice"));
        page.FindAll(".advanced input")[1].Change("team-a");
        Assert.Contains("The namespace team-a has no room for it", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("6 of 8 devices of gpu.nvidia.com used, this asks for 4", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("#send").HasAttribute("disabled"));
        Assert.Equal([(null, "local"), ("team-a", "local")], Answers.RoomAsked);
    }

    [Fact]
    public void What_may_not_be_read_breaks_nothing()
    {
        Answers.Room = static _ => throw new HttpRequestException("The API does not answer.");
        Assert.Contains("What limits the namespace cannot be read: The API does not answer.", Open("org/x").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_asks_for_more_is_asked_about_anew()
    {
        var page = Open("org/x");
        page.Find("#manifest").Input(Text(page) + "\n  scaling:\n    replicas: 2\n");
        Assert.Equal(2, Answers.RoomAsked.Count);
        page.FindAll("input[name=load]")[2].Change(true);
        Assert.Equal(2, Answers.RoomAsked.Count);
    }

    private IRenderedComponent<DeployPage> Open(string model)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/deploy?model={Uri.EscapeDataString(model)}");
        return Render<DeployPage>();
    }

    private static string Text(IRenderedComponent<DeployPage> page) => page.Find("#manifest").GetAttribute("value")!;
}
