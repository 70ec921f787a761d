using System.Text.Json.Nodes;
using Slipway.Web.Playground;

namespace Slipway.Web.Tests.Playground;

public sealed class AnswerFormatTests
{
    [Theory]
    [InlineData(AnswerShape.JsonObject, """{"answer":42}""", true, "valid JSON")]
    [InlineData(AnswerShape.JsonObject, "[42]", false, "not an object")]
    [InlineData(AnswerShape.JsonObject, "42 is it", false, "not JSON")]
    [InlineData(AnswerShape.JsonSchema, """{"answer":42}""", true, "valid by the schema")]
    [InlineData(AnswerShape.JsonSchema, """{"answer":"42"}""", false, "answer")]
    [InlineData(AnswerShape.JsonSchema, "{}", false, "not by the schema")]
    public void An_answer_is_judged(AnswerShape shape, string answer, bool valid, string words)
    {
        var verdict = AnswerFormat.Read(shape, AnswerFormat.Sample).Format!.Judge(answer);
        Assert.Equal(valid, verdict.Valid);
        Assert.Contains(words, verdict.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Give the schema")]
    [InlineData("[]", "A schema is a JSON object")]
    [InlineData("{", "not JSON, at line 1")]
    public void A_schema_that_is_none_is_said(string schema, string fault) =>
        Assert.Contains(fault, new ChatSettings { Shape = AnswerShape.JsonSchema, Schema = schema }.Fault, StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_checked_here_is_sent_all_the_same_and_said()
    {
        var (format, fault) = AnswerFormat.Read(AnswerShape.JsonSchema, """{"type":"object","unevaluatedProperties":false}""");
        Assert.Null(fault);
        Assert.Contains("unevaluatedProperties", format!.Doubt, StringComparison.Ordinal);
        Assert.Contains("not checked", format.Judge("{}").Words, StringComparison.Ordinal);
        Assert.False((bool?)format.ToJson()["json_schema"]!["schema"]!["unevaluatedProperties"]);
    }

    [Fact]
    public void It_is_sent_in_the_words_of_the_api()
    {
        var settings = new ChatSettings { Shape = AnswerShape.JsonObject, Tools = ToolList.Sample, Seed = 7, Stop = "END\r\n - \n", PresencePenalty = 0.5, FrequencyPenalty = -0.5 };
        var body = JsonNode.Parse(settings.Ask("m", [new ChatTurn("user", "hi")]).ToJson())!;
        Assert.Equal("json_object", (string?)body["response_format"]!["type"]);
        Assert.Equal("weather", (string?)body["tools"]![0]!["function"]!["name"]);
        Assert.Equal((7, 0.5, -0.5), ((int)body["seed"]!, (double)body["presence_penalty"]!, (double)body["frequency_penalty"]!));
        Assert.Equal("""["END"," - "]""", body["stop"]!.ToJsonString());
        Assert.Contains("at most 4", new ChatSettings { Stop = "a\nb\nc\nd\ne" }.Fault, StringComparison.Ordinal);
        Assert.Contains("between -2 and 2", new ChatSettings { PresencePenalty = 3 }.Fault, StringComparison.Ordinal);
        Assert.Contains("between -2 and 2", new ChatSettings { FrequencyPenalty = -3 }.Fault, StringComparison.Ordinal);
    }
}
