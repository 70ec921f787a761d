using System.Text.Json.Nodes;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Web.Playground;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Playground;

public sealed class PlaygroundPageTests : PageTest
{
    [Fact]
    public void Without_a_model_it_leads_to_one()
    {
        Assert.Equal("deploy?model=slipway%2Ftiny-chat", Render<PlaygroundPage>().Find(".state-box a").GetAttribute("href"));
        Deployments.Put(Given.Deployment("a"));
        Assert.Equal("deployments", Render<PlaygroundPage>().Find(".state-box a").GetAttribute("href"));
    }

    [Fact]
    public void Stop_ends_the_answer_and_keeps_what_came()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Ask(page, "Tell me a story.");
        Assert.Equal("Tell me a story.", page.Find(".turn.user").TextContent);
        Gateway.Say("Once upon");
        page.WaitForAssertion(() => Assert.True(page.Find(".ask-bar .primary").HasAttribute("disabled")));
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            Gateway.Say(" a time");
            Assert.Contains("Once upon", page.Find(".turn.assistant").TextContent, StringComparison.Ordinal);
        });
        page.Find("#stop").Click();
        page.WaitForAssertion(() => Assert.Contains("stopped", page.Find("[data-measures]").TextContent, StringComparison.Ordinal));
        Assert.StartsWith("Once upon", page.Find(".turn.assistant").TextContent, StringComparison.Ordinal);
        // The pane says it first, the page around it with its next drawing.
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        page.WaitForAssertion(() => Assert.False(page.Find(".ask-bar .primary").HasAttribute("disabled")));
    }

    [Fact]
    public void Two_models_are_asked_the_same_side_by_side()
    {
        Deployments.Put(Given.Ready("a"));
        Deployments.Put(Given.Ready("b"));
        var page = Render<PlaygroundPage>();
        page.FindAll("button").Single(static b => b.TextContent == "Compare two").Click();
        Assert.Equal(["a", "b"], page.FindAll(".chat select").Select(static s => s.GetAttribute("value")));
        Ask(page, "6 x 7?");
        page.WaitForAssertion(() => Assert.Equal(["a", "b"], Gateway.Models.Order(StringComparer.Ordinal)));
        Gateway.End();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        Assert.Equal(["6 x 7?", "6 x 7?"], page.FindAll(".turn.user").Select(static t => t.TextContent));
    }

    [Fact]
    public void A_setting_out_of_range_is_said_and_nothing_is_asked()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        page.FindAll(".advanced input")[0].Change("3");
        Assert.Equal("The temperature lies between 0 and 2.", page.Find(".settings-card .text-bad").TextContent);
        Assert.True(page.Find(".ask-bar .primary").HasAttribute("disabled"));
    }

    [Fact]
    public void A_model_that_cannot_be_reached_is_said_in_the_conversation()
    {
        Deployments.Put(Given.Ready("a"));
        Gateway.Fault = new HttpRequestException("Connection refused");
        var page = Render<PlaygroundPage>();
        Ask(page, "hi");
        page.WaitForAssertion(() => Assert.Contains("Connection refused", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Not answered", page.Find(".verdict").TextContent, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.False(page.Find(".ask-bar .primary").HasAttribute("disabled")));
        Gateway.Fault = null;
        Ask(page, "once more");
        page.WaitForAssertion(() => Assert.Equal(["once more"], Gateway.Bodies.Single()["messages"]!.AsArray().Select(static m => (string?)m!["content"])));
    }

    [Fact]
    public void A_tool_that_the_model_wants_called_gets_its_result_from_the_person()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Button(page, "Insert a sample tool").Click();
        Ask(page, "How is the weather?");
        page.WaitForAssertion(() => Assert.Single(Gateway.Bodies));
        Gateway.Send("""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"weather","arguments":"{\"city\":"}}]}""");
        Gateway.Send("""{"tool_calls":[{"index":0,"function":{"arguments":"\"Bremen\"}"}}]}""");
        Gateway.End();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".results textarea")));
        Assert.Contains("weather", page.Find(".call").TextContent, StringComparison.Ordinal);
        Assert.Contains("Bremen", page.Find(".call pre").TextContent, StringComparison.Ordinal);
        page.Find(".results textarea").Change("Rain");
        _ = page.Find(".results").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(2, Gateway.Bodies.Count));
        var sent = Gateway.Bodies.Last()["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "tool"], sent.Select(static m => (string?)m!["role"]));
        Assert.Equal(("c1", "Rain"), ((string?)sent[2]!["tool_call_id"], (string?)sent[2]!["content"]));
        Assert.Equal(("weather", """{"city":"Bremen"}"""), ((string?)sent[1]!["tool_calls"]![0]!["function"]!["name"], (string?)sent[1]!["tool_calls"]![0]!["function"]!["arguments"]));
        Assert.Null(sent[1]!["content"]);
        page.WaitForAssertion(() => Assert.True(Button(page, "Ask").HasAttribute("disabled")));
        Gateway.End();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        Assert.Equal("Result: Rain", page.Find(".turn.tool").TextContent);
    }

    [Fact]
    public void A_call_that_nobody_answers_is_said_to_the_model_when_something_else_is_asked()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Ask(page, "How is the weather?");
        page.WaitForAssertion(() => Assert.Single(Gateway.Bodies));
        Gateway.Send("""{"tool_calls":[{"index":0,"id":"c1","function":{"name":"weather","arguments":"{}"}}]}""");
        Gateway.End();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".results")));
        Ask(page, "Never mind.");
        page.WaitForAssertion(() => Assert.Equal(2, Gateway.Bodies.Count));
        Assert.Equal("No result was given.", (string?)Gateway.Bodies.Last()["messages"]![2]!["content"]);
    }

    [Fact]
    public void What_the_model_thought_is_folded_and_kept_from_the_answer()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Ask(page, "6 x 7?");
        page.WaitForAssertion(() => Assert.Single(Gateway.Bodies));
        Gateway.Send("""{"reasoning_content":"Six times "}""");
        Gateway.Send("""{"reasoning":"seven."}""");
        Gateway.Say("42");
        Gateway.End();
        page.WaitForAssertion(() => Assert.Equal("42", page.Find(".turn.assistant").TextContent));
        Assert.Equal("Six times seven.", page.Find("details.reasoning:not([open]) .reasoning-text").TextContent);
        Ask(page, "And 7 x 7?");
        page.WaitForAssertion(() => Assert.Equal(2, Gateway.Bodies.Count));
        Assert.DoesNotContain("Six times", Gateway.Bodies.Last().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_by_a_schema_is_shown_as_valid_or_not()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        page.Find(".advanced select").Change("JsonSchema");
        Assert.Equal("Give the schema that answers keep to.", page.Find(".settings-card .text-bad").TextContent);
        Button(page, "Insert a sample schema").Click();
        Assert.Empty(page.FindAll(".settings-card .text-bad"));
        Ask(page, "6 x 7?");
        page.WaitForAssertion(() => Assert.Equal("json_schema", (string?)Gateway.Bodies.Single()["response_format"]!["type"]));
        Gateway.Say("""{"answer":"42"}""");
        Gateway.End();
        page.WaitForAssertion(() => Assert.Contains("not by the schema", page.Find(".verdict").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Images_go_along_with_the_question()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        var files = page.FindComponent<InputFile>();
        files.UploadFiles(InputFileContent.CreateFromText("GIF89a", "cat.gif"), InputFileContent.CreateFromBinary([0x89, (byte)'P', (byte)'N', (byte)'G', 1], "dog.png"));
        page.WaitForAssertion(() => Assert.Contains("cat.gif is no PNG, JPEG or WebP.", page.Find(".ask-bar .text-bad").TextContent, StringComparison.Ordinal));
        files.UploadFiles(InputFileContent.CreateFromBinary(new byte[ChatImage.MostBytes + 1], "big.png"));
        page.WaitForAssertion(() => Assert.Contains("at most 4 MiB", page.Find(".ask-bar .text-bad").TextContent, StringComparison.Ordinal));
        files.UploadFiles([.. Enumerable.Range(0, 4).Select(static i => InputFileContent.CreateFromText("x", $"{i}.png"))]);
        page.WaitForAssertion(() => Assert.Contains("at most 4 images", page.Find(".ask-bar .text-bad").TextContent, StringComparison.Ordinal));
        Ask(page, "What is it?");
        page.WaitForAssertion(() => Assert.Single(Gateway.Bodies));
        var parts = Gateway.Bodies.Single()["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(["text", "image_url"], parts.Select(static p => (string?)p!["type"]));
        Assert.Equal("data:image/png;base64,iVBORwE=", (string?)parts[1]!["image_url"]!["url"]);
        Assert.Empty(page.FindAll(".ask-bar .chip"));
    }

    [Fact]
    public void A_link_fills_the_fields_and_asks_nothing()
    {
        Deployments.Put(Given.Ready("a"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("playground?model=gone&temperature=0.5&seed=x&system=Be%20brief.&q=6%20x%207%3F");
        var page = Render<PlaygroundPage>();
        Assert.Equal("6 x 7?", page.Find("#question").GetAttribute("value"));
        Assert.Equal("0.5", page.FindAll(".advanced input")[0].GetAttribute("value"));
        Assert.True(page.Find(".settings-card").HasAttribute("open"));
        Assert.Contains("gone, which does not answer here", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Contains("seed is left out: x", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(Gateway.Bodies);
    }

    [Fact]
    public void The_link_has_the_question_and_not_the_answers()
    {
        Deployments.Put(Given.Ready("a"));
        JSInterop.Setup<bool>("slipway.copyText", static _ => true).SetResult(true);
        var page = Render<PlaygroundPage>();
        page.Find("#question").Input("6 x 7?");
        page.FindAll("button").Single(static b => b.TextContent == "Copy link").Click();
        Assert.Equal("playground?model=a&q=6%20x%207%3F", JSInterop.VerifyInvoke("slipway.replaceAddress").Arguments[0]);
        Assert.Equal("http://localhost/playground?model=a&q=6%20x%207%3F", JSInterop.VerifyInvoke("slipway.copyText").Arguments[0]);
        page.Find("#question").Input(new string('x', 7000));
        page.FindAll("button").Single(static b => b.TextContent == "Copy link").Click();
        Assert.Contains("Shorten", page.Find(".page-head [role=status]").TextContent, StringComparison.Ordinal);
        Assert.Single(JSInterop.Invocations["slipway.copyText"]);
    }

    [Fact]
    public async Task The_conversation_is_downloaded_as_it_could_be_asked_again()
    {
        Deployments.Put(Given.Ready("a"));
        var page = Render<PlaygroundPage>();
        Assert.True(Button(page, "Download").HasAttribute("disabled"));
        Ask(page, "6 x 7?");
        page.WaitForAssertion(() => Assert.Single(Gateway.Bodies));
        Gateway.Send("""{"reasoning_content":"Hm."}""");
        Gateway.Say("42");
        Gateway.End();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("#stop")));
        // Found and pressed between two drawings: the last of the answer may still be on its way.
        await page.InvokeAsync(() => Button(page, "Download").Click());
        var saved = JSInterop.VerifyInvoke("slipway.save").Arguments;
        Assert.Equal(("conversation-a.json", "application/json"), ((string?)saved[0], (string?)saved[1]));
        var kept = JsonNode.Parse((string)saved[2]!)!;
        Assert.Equal("a", (string?)kept["model"]);
        Assert.Null(kept["stream"]);
        Assert.Equal(("42", "Hm."), ((string?)kept["messages"]![1]!["content"], (string?)kept["messages"]![1]!["reasoning_content"]));
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<PlaygroundPage> page, string name) => page.FindAll("button").Single(b => b.TextContent.Trim() == name);

    private static void Ask(IRenderedComponent<PlaygroundPage> page, string question)
    {
        page.Find("#question").Input(question);
        // Its end is the answer's end, which the test brings about later.
        _ = page.Find("form.ask-bar").SubmitAsync();
    }
}
