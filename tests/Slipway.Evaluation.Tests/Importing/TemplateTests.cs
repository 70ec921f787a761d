using System.Text.Json.Nodes;
using Slipway.Evaluation.Importing;
using Slipway.Evaluation.Tests.Grading;

namespace Slipway.Evaluation.Tests.Importing;

public sealed class TemplateTests
{
    private static readonly JsonObject s_data = Graders.Data("Importing/Data/templates.json").AsObject();

    [Fact]
    public void Templates_say_what_Jinja_says()
    {
        foreach (var vector in s_data["rendered"]!.AsArray())
            Assert.Equal((string)vector![1]!, Template.Render((string)vector[0]!, s_data["values"]!.AsObject(), TemplateKind.Jinja));
    }

    [Fact]
    public void What_is_more_than_a_value_is_refused()
    {
        foreach (var template in s_data["refused"]!.AsArray())
            Assert.Throws<FormatException>(() => Template.Render((string)template!, s_data["values"]!.AsObject(), TemplateKind.Jinja));
    }

    [Theory]
    [InlineData("{{yes}}{{no}}{{missing}}{{map.missing}}{{list[9]}}", "true")]
    [InlineData("{{ q | trim }}", "Two words")]
    public void Nunjucks_writes_nothing_for_what_is_not_there(string template, string text) => Assert.Equal(text, Template.Render(template, s_data["values"]!.AsObject(), TemplateKind.Nunjucks));
}
