using Slipway.Web.Playground;

namespace Slipway.Web.Tests.Playground;

public sealed class PlaygroundLinkTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var link = new PlaygroundLink(["org/a", "b"], new ChatSettings
        {
            System = "Be brief & kind + übermütig.\nTwo lines.",
            Temperature = 0.7,
            TopP = 0.95,
            MaxTokens = 100,
            Seed = -3,
            PresencePenalty = 1.5,
            FrequencyPenalty = -1,
            Stop = "END\n#",
            Shape = AnswerShape.JsonSchema,
            Schema = AnswerFormat.Sample,
            Tools = ToolList.Sample,
        }, "What is 6 × 7? #1&2");
        Assert.Null(link.TooLong);
        var read = PlaygroundLink.Read(new Uri("http://x/" + link.Address).Query);
        Assert.Empty(read.Faults);
        Assert.Null(read.Settings.Fault);
        Assert.Equal(link.Address, read.Address);
        Assert.Equal((link.Question, link.Settings.System, 0.7, -3L), (read.Question, read.Settings.System, read.Settings.Temperature, read.Settings.Seed));
        Assert.Equal(["org/a", "b"], read.Models);
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_the_rest_is_taken()
    {
        var read = PlaygroundLink.Read("?temperature=warm&top_p=NaN&seed=1&max_tokens=99999999999&format=xml&q=hi");
        Assert.Equal(4, read.Faults.Count);
        foreach (var name in new[] { "temperature", "top_p", "max_tokens", "format" }) Assert.Contains(read.Faults, f => f.StartsWith(name + " is left out", StringComparison.Ordinal));
        Assert.Equal((1L, "hi", AnswerShape.Text), (read.Settings.Seed, read.Question, read.Settings.Shape));
        Assert.Equal("playground", PlaygroundLink.Read("").Address);
    }

    [Fact]
    public void One_that_programs_would_cut_is_not_made() =>
        Assert.Contains("6,000", new PlaygroundLink(["a"], new ChatSettings { System = new string('ü', 2000) }, "").TooLong, StringComparison.Ordinal);
}
