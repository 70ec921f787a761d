using System.Text.Json.Nodes;
using Slipway.Web.Playground;

namespace Slipway.Web.Tests.Playground;

public sealed class ToolTests
{
    [Fact]
    public void Calls_are_put_together_from_their_pieces()
    {
        var answer = new ChatAnswer();
        foreach (var delta in new[]
        {
            """{"tool_calls":[{"index":0,"id":"a1","type":"function","function":{"name":"weather","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""",
            """{"tool_calls":[{"index":1,"function":{"name":"time","arguments":"{}"}},{"index":0,"function":{"arguments":"\"Bremen\"}"}}]}""",
        }) answer = answer.With(JsonNode.Parse($$"""{"choices":[{"delta":{{delta}}}]}"""), TimeSpan.FromSeconds(1));
        Assert.Equal([new ToolCall("a1", "weather", """{"city":"Bremen"}"""), new ToolCall("call_1", "time", "{}")], answer.Calls);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.FirstToken);
        Assert.Throws<InvalidOperationException>(() => answer.With(JsonNode.Parse("""{"choices":[{"delta":{"tool_calls":[{"index":7}]}}]}"""), TimeSpan.Zero));
    }

    [Theory]
    [InlineData("{}", "Tools are a JSON array")]
    [InlineData("[\n  {,", "not JSON, at line 2")]
    [InlineData("[1]", "Tool 1: it needs \"type\"")]
    [InlineData("""[{"type":"function"}]""", "it needs \"function\"")]
    [InlineData("""[{"type":"function","function":{"name":"a b"}}]""", "its name has 1 to 64 letters")]
    [InlineData("""[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"a"}}]""", "Tool 2: a is there twice")]
    [InlineData("""[{"type":"function","function":{"name":"a","parameters":[]}}]""", "parameters is a JSON schema")]
    [InlineData("""[{"type":"function","type":"function","function":{"name":"a"}}]""", "The tools are not clear")]
    public void A_list_that_engines_would_refuse_is_said(string text, string fault)
    {
        var settings = new ChatSettings { Tools = text };
        Assert.Contains(fault, settings.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_is_bounded()
    {
        Assert.Contains("more than 32 KiB", ToolList.Read(new string(' ', ToolList.MostCharacters) + "[]").Fault, StringComparison.Ordinal);
        Assert.Contains("at most 64", ToolList.Read($"[{string.Join(',', Enumerable.Repeat("1", 65))}]").Fault, StringComparison.Ordinal);
        Assert.Null(ToolList.Read(" ").Tools);
        Assert.Equal("weather", (string?)ToolList.Read(ToolList.Sample).Tools![0]!["function"]!["name"]);
    }
}
