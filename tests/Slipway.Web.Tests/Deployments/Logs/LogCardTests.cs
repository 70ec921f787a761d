using Bunit;
using Slipway.Api.LocalEngines;
using Slipway.Web.Deployments.Logs;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Deployments.Logs;

public sealed class LogCardTests : PageTest
{
    [Fact]
    public void Lines_are_pushed_as_they_are_written()
    {
        Logs.Write("loading the model");
        var card = Show(Given.Engine());
        card.WaitForAssertion(() => Assert.Equal(["loading the model"], Lines(card)));
        Logs.Write("the model answers");
        Time.Advance(TimeSpan.FromSeconds(1));
        // Each with its end, since this is also what Copy copies.
        card.WaitForAssertion(() => Assert.Equal("loading the model\nthe model answers\n", card.Find("#log").TextContent));
    }

    [Fact]
    public void Only_lines_with_the_words_are_shown_and_counted()
    {
        Logs.Write("slot 0 begins", "slot 1 begins", "a request came");
        var card = Show(Given.Engine());
        card.WaitForElements(".log span");
        card.Find("#find-in-log").Input("SLOT");
        Assert.Equal(["slot 0 begins", "slot 1 begins"], Lines(card));
        Assert.Equal("2 of 3 lines", card.Find(".hint").TextContent);
    }

    [Fact]
    public void Without_following_nothing_is_read_and_the_lines_stay()
    {
        Logs.Write("before");
        var card = Show(Given.Engine());
        card.WaitForElements(".log span");
        card.Find("#follow").Change(false);
        card.WaitForAssertion(() => Assert.True(Logs.Left.IsCompleted));
        Logs.Write("between");
        Assert.Equal(["before"], Lines(card));
        card.Find("#follow").Change(true);
        card.WaitForAssertion(() => Assert.Equal(["before", "between"], Lines(card)));
    }

    [Fact]
    public void The_lines_that_the_diagnosis_points_at_stand_out_from_other_errors()
    {
        Logs.Write("main: loading", "  llama_model_load: error loading model: unknown model architecture: 'x'", "srv: error: exiting", "--- slipway 2026-01-01T00:00:00Z: it failed");
        var card = Show(Given.Engine("This llama-server does not know the model's architecture. Its log ends: llama_model_load: error loading model: unknown model architecture: 'x'"));
        card.WaitForElements(".log span");
        Assert.Equal([null, "cause", "error", null], card.FindAll(".log span").Select(static s => s.GetAttribute("class")));
    }

    [Fact]
    public void What_is_held_is_bounded_and_what_is_left_out_is_said()
    {
        var card = Show(Given.Engine());
        for (var i = 0; i < 13; i++)
        {
            Logs.Write([.. Enumerable.Range(i * 100, 100).Select(static n => new LogLine(0, $"line {n} {new string('x', 3000)}"))]);
            var last = i * 100 + 99;
            card.WaitForAssertion(() =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(200));
                Assert.StartsWith($"line {last} ", Lines(card).LastOrDefault() ?? "", StringComparison.Ordinal);
            });
        }

        Assert.Equal(LogTail.MostLines, Lines(card).Count);
        Assert.StartsWith("1000 lines; 300 older ones are left out here.", card.Find(".hint").TextContent, StringComparison.Ordinal);
        Assert.All(Lines(card), static l => Assert.InRange(l.Length, 0, LogTail.MostCharacters + 2));
    }

    [Fact]
    public void Lines_of_several_replicas_say_whose_they_are()
    {
        Logs.Write([new LogLine(0, "one"), new LogLine(1, "two")]);
        var card = Show(Given.Engine());
        card.WaitForAssertion(() => Assert.Equal(["[0] one", "[1] two"], Lines(card)));
    }

    [Fact]
    public void A_log_that_cannot_be_read_says_why_and_can_be_tried_again()
    {
        Logs.Fault = new IOException("The disk is gone.");
        var card = Show(Given.Engine());
        card.WaitForAssertion(() => Assert.Contains("The disk is gone.", card.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Logs.Fault = null;
        Logs.Write("here again");
        card.Find("#follow").Change(true);
        card.WaitForAssertion(() => Assert.Equal(["here again"], Lines(card)));
        Assert.Empty(card.FindAll("[role=alert]"));
    }

    [Fact]
    public async Task Nobody_reads_for_a_page_that_was_left()
    {
        Logs.Write("a line");
        var card = Show(Given.Engine());
        card.WaitForElements(".log span");
        await DisposeComponentsAsync();
        await Logs.Left.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Where_no_engine_is_on_this_machine_the_card_says_where_logs_are()
    {
        Assert.Contains("No engine of it is seen to run yet", Show(null).Markup, StringComparison.Ordinal);
        Deployments.Put(Given.Ready("a") with { Status = new() { Provider = new() { Name = "kserve" } } });
        Assert.Contains("kubectl logs -n default", Show(null).Markup, StringComparison.Ordinal);
    }

    private static List<string> Lines(IRenderedComponent<LogCard> card) => [.. card.FindAll(".log span").Select(static s => s.TextContent.TrimEnd('\n'))];

    private IRenderedComponent<LogCard> Show(LocalEngine? engine)
    {
        if (Deployments.Find("default", "a") is null) Deployments.Put(Given.Ready("a"));
        return Render<LogCard>(p => p.Add(c => c.Deployment, Deployments.Find("default", "a")!).Add(c => c.Engine, engine));
    }
}
