using Bunit;
using Slipway.Capacity.Answers;
using Slipway.Web.Layout;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Ui;

namespace Slipway.Web.Tests.Ui;

/// <summary>The parts that pages are made of.</summary>
public sealed class ComponentTests : PageTest
{
    [Fact]
    public void A_bar_of_what_does_not_fit_shows_all_of_it_and_how_much_is_too_much()
    {
        var bar = Render<MemoryBar>(p => p.Add(b => b.Parts, [new BarPart("weights", 6L << 30), new BarPart("cache", 4L << 30)]).Add(b => b.WholeBytes, 8L << 30));
        Assert.Equal("weights 6 GiB, cache 4 GiB, too much 2 GiB of 8 GiB", bar.Find("svg").GetAttribute("aria-label"));
        Assert.Equal(["600", "400"], bar.FindAll("rect[class^=part]").Select(static r => r.GetAttribute("width")));
        Assert.Equal("2 GiB", bar.Find(".text-bad").TextContent);
    }

    [Fact]
    public void A_step_says_its_state_to_those_who_do_not_see_it()
    {
        var stepper = Render<Stepper>(p => p.Add(s => s.Label, "Progress").Add(s => s.Steps, [new Step("One", StepState.Done, ""), new Step("Two", StepState.Active, "half", 0.5), new Step("Three", StepState.Failed, "why")]));
        Assert.Equal(["One (done)", "Two (under way)", "Three (failed)"], stepper.FindAll(".step-title").Select(static t => t.TextContent));
        Assert.Equal("500", stepper.Find("progress").GetAttribute("value"));
        Assert.Equal("step", stepper.Find(".step.active").GetAttribute("aria-current"));
    }

    [Fact]
    public void Buttons_of_a_text_name_the_text_that_they_copy_and_save()
    {
        var code = Render<CodeBlock>(p => p.Add(c => c.Text, "a: b").Add(c => c.Label, "Manifest").Add(c => c.FileName, "a.yaml"));
        var id = code.Find("pre").Id;
        Assert.Equal([id, id], code.FindAll("button").Select(static b => b.GetAttribute("data-download") ?? b.GetAttribute("data-copy")));
    }

    [Theory]
    [InlineData(null, "unknown")]
    [InlineData("0", "0.00 USD")]
    [InlineData("0.0004", "< 0.01 USD")]
    [InlineData("1234.5", "1,234.50 USD")]
    public void Money_is_never_nothing_when_it_is_a_little(string? amount, string words) =>
        Assert.Equal(words, Say.Money(new CostAmount(amount is null ? null : decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), amount is null ? null : "USD", null, [])));

    [Fact]
    public void The_frame_leads_to_every_page_and_past_itself()
    {
        var frame = Render<MainLayout>();
        Assert.Equal(["", "deployments", "rollouts", "playground", "capacity", "settings"], frame.FindAll("nav[aria-label=Main] a").Select(static a => a.GetAttribute("href")));
        Assert.EndsWith("#content", frame.Find("a.skip").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_of_this_machine_say_why_they_stopped()
    {
        var list = Render<Slipway.Web.Deployments.ReplicaList>(p => p.Add(r => r.Engine, Given.Engine("Too little memory.")));
        Assert.Equal("Stopped by itself", list.Find(".chip").TextContent.Trim());
        Assert.Contains("Too little memory.", list.Markup, StringComparison.Ordinal);
    }
}
