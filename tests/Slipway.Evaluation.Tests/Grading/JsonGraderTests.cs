using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Tests.Grading;

public sealed class JsonGraderTests
{
    [Fact]
    public void Schemas_take_what_another_validator_takes()
    {
        var vectors = Graders.Data("Grading/Data/json-schema.json")["vectors"]!.AsArray();
        Assert.True(vectors.Count > 150);
        foreach (var vector in vectors)
        {
            var with = new JsonObject { ["schema"] = vector!["schema"]!.DeepClone() }.ToJsonString();
            Assert.Empty(Graders.Problems("jsonSchema", with));
            foreach (var kind in new[] { "valid", "invalid" })
            {
                foreach (var value in vector[kind]!.AsArray())
                {
                    var grade = Graders.Of("jsonSchema", with, null, value?.ToJsonString() ?? "null");
                    Assert.True(grade.Score == (kind == "valid" ? 1 : 0), $"{value?.ToJsonString()} {kind} by {with}: {grade.Reason}");
                }
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"object","dependentRequired":{"a":["b"]}}""", "with.schema.dependentRequired is a keyword that is not understood here")]
    [InlineData("""{"properties":{"a":{"items":{"contains":{}}}}}""", "with.schema.properties.a.items.contains is a keyword")]
    [InlineData("""{"$ref":"https://example.com/s"}""", "with.schema.$ref names none of the schema's own")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "with.schema.$ref names none")]
    [InlineData("""{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/a"}}}""", "refers to itself without going deeper")]
    [InlineData("""{"type":"text"}""", "with.schema.type is one or more of null, ")]
    [InlineData("""{"pattern":"(?=a)"}""", "with.schema.pattern looks ahead or behind")]
    [InlineData("""{"patternProperties":{"(":{}}}""", "with.schema.patternProperties.( is no regular expression")]
    [InlineData("""{"format":"uri"}""", "with.schema.format is one of date, ")]
    [InlineData("""{"minItems":-1}""", "with.schema.minItems is a whole number")]
    [InlineData("""{"multipleOf":0}""", "with.schema.multipleOf is a number above 0")]
    [InlineData("""{"properties":[]}""", "with.schema.properties is an object of schemas")]
    [InlineData("""{"items":[{}]}""", "with.schema.items is a schema")]
    [InlineData("""{"required":"a"}""", "with.schema.required is a list of names")]
    [InlineData("\"string\"", "with.schema is a schema")]
    public void A_schema_that_is_not_understood_whole_is_refused_by_name(string schema, string problem) =>
        Assert.Contains(Graders.Problems("jsonSchema", $"{{\"schema\":{schema}}}"), p => p.Contains(problem, StringComparison.Ordinal));

    // The other validator divides in binary, where 0.07 is no multiple of 0.01.
    [Theory]
    [InlineData("0.07", 1)]
    [InlineData("19.99", 1)]
    [InlineData("0.075", 0)]
    public void Multiples_are_of_the_decimals_that_are_written(string answer, double score) => Assert.Equal(score, Graders.Of("jsonSchema", "{\"schema\":{\"multipleOf\":0.01}}", null, answer).Score);

    [Theory]
    [InlineData("date", "2024-02-29", "2023-02-29")]
    [InlineData("date-time", "2024-02-29T23:59:59Z", "2024-02-29 23:59")]
    [InlineData("date-time", "2024-02-29T23:59:59.5+02:00", "2024-02-30T23:59:59Z")]
    [InlineData("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380")]
    [InlineData("ipv4", "192.168.0.1", "1.2.3")]
    [InlineData("ipv6", "::1", "127.0.0.1")]
    public void Formats_are_checked(string format, string valid, string invalid)
    {
        var with = $"{{\"schema\":{{\"format\":\"{format}\"}}}}";
        Assert.Equal(1, Graders.Of("jsonSchema", with, null, $"\"{valid}\"").Score);
        Assert.Equal(0, Graders.Of("jsonSchema", with, null, $"\"{invalid}\"").Score);
        Assert.Equal(1, Graders.Of("jsonSchema", with, null, "5").Score);
    }

    [Fact]
    public void Alternatives_without_end_are_given_up()
    {
        const string With = """{"schema":{"$defs":{"a":{"anyOf":[{"items":{"$ref":"#/$defs/a"},"minItems":1,"type":"array"},{"items":{"$ref":"#/$defs/a"},"maxItems":1,"type":"array"}]}},"$ref":"#/$defs/a"}}""";
        var clock = Stopwatch.StartNew();
        var grade = Graders.Of("jsonSchema", With, null, new string('[', 60) + "1" + new string(']', 60));
        Assert.Equal(0, grade.Score);
        Assert.Contains("too much to check", grade.Reason, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("""{"a":{"b":[1,2]}}""", """{"a":{"b":[1,3]}}""", "a.b[1] is \"3\", not \"2\"")]
    [InlineData("""{"a":{"b":[1,2]}}""", """{"a":{"b":[1,2,3]}}""", "a.b has 3 items, not 2")]
    [InlineData("""{"a":1}""", """{"b":1}""", "a is missing")]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", "b is not expected")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "a is \"\"1\"\", not \"1\"")]
    [InlineData("[1]", "{}", "the value is \"{}\"")]
    public void A_difference_is_named_by_its_place(string expected, string answer, string reason) => Assert.Contains(reason, Graders.Of("jsonEquals", "{}", expected, answer).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("```json\n{\"a\": 1.0}\n```", "{\"fenced\":true}", 1)]
    [InlineData("```\n{\"a\": 1}```\n", "{\"fenced\":true}", 1)]
    [InlineData("```json\n{\"a\": 1}\n```", "{}", 0)]
    [InlineData("Here: ```json\n{\"a\": 1}\n```", "{\"fenced\":true}", 0)]
    [InlineData("```python\n{\"a\": 1}\n```", "{\"fenced\":true}", 0)]
    [InlineData("```", "{\"fenced\":true}", 0)]
    [InlineData("{\"a\":1,\"a\":1}", "{}", 0)]
    public void JSON_stands_alone_or_in_a_fence_where_that_is_allowed(string answer, string with, double score)
    {
        Assert.Equal(score, Graders.Of("jsonEquals", with, "{\"a\":1}", answer).Score);
        Assert.Equal(score, Graders.Of("jsonSchema", with, null, answer).Score);
    }

    [Theory]
    [InlineData("{}", """{"name":"f","arguments":{"a":1}}""", "f {\"a\": 1.0}", 1)]
    [InlineData("{}", """{"name":"f","arguments":{"a":1}}""", "f {\"a\":1,\"b\":2}", 0)]
    [InlineData("""{"arguments":"subset"}""", """{"name":"f","arguments":{"a":1}}""", "f {\"a\":1,\"b\":2}", 1)]
    [InlineData("""{"arguments":"ignore"}""", """{"name":"f"}""", "f {broken", 1)]
    [InlineData("{}", """{"name":"f"}""", "f {broken", 0)]
    [InlineData("{}", """{"name":"f"}""", "f ", 1)]
    [InlineData("{}", """{"name":"f"}""", "g {}", 0)]
    [InlineData("{}", "[]", "", 1)]
    [InlineData("{}", "[]", "f {}", 0)]
    [InlineData("{}", """{"name":"f"}""", "", 0)]
    [InlineData("{}", """[{"name":"f"},{"name":"g"}]""", "g {}|f {}", 1)]
    [InlineData("""{"ordered":true}""", """[{"name":"f"},{"name":"g"}]""", "g {}|f {}", 0)]
    [InlineData("""{"ordered":true}""", """[{"name":"f"},{"name":"g"}]""", "f {}|g {}", 1)]
    [InlineData("{}", """[{"name":"f"},{"name":"g"}]""", "f {}|g {}|g {}", 0)]
    [InlineData("""{"score":"f1"}""", """[{"name":"f"},{"name":"g"}]""", "f {}|g {}|g {}", 0.8)]
    [InlineData("""{"score":"f1","ordered":true}""", """[{"name":"f"},{"name":"g"}]""", "g {}|f {}", 0.5)]
    [InlineData("""{"score":"f1"}""", """[{"name":"f"},{"name":"g"}]""", "", 0)]
    // The call with more arguments is the only one for the second; the first can take either.
    [InlineData("""{"arguments":"subset"}""", """[{"name":"f","arguments":{"a":1}},{"name":"f","arguments":{"a":1,"b":2}}]""", "f {\"a\":1,\"b\":2}|f {\"a\":1}", 1)]
    public void Calls_of_tools_are_matched(string with, string expected, string calls, double score)
    {
        var made = calls.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(static c => new ToolCall(c[..c.IndexOf(' ', StringComparison.Ordinal)], c[(c.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        var grade = Graders.Of("toolCall", with, [expected], new Answer { ToolCalls = [.. made], FinishReason = "tool_calls" });
        Assert.Equal(score, grade.Score!.Value, 1e-12);
        Assert.Equal(score == 1, grade.Reason.Length == 0);
    }

    [Fact]
    public void Of_several_expected_calls_any_will_do_and_a_flood_of_calls_is_wrong()
    {
        string[] expected = ["""{"name":"f","arguments":{"city":"Paris"}}""", """{"name":"f","arguments":{"city":"Paris, France"}}"""];
        Assert.Equal(1, Graders.Of("toolCall", "{}", expected, new Answer { ToolCalls = [new("f", """{"city":"Paris, France"}""")] }).Score);
        var wrong = Graders.Of("toolCall", "{}", expected, new Answer { ToolCalls = [new("f", """{"city":"Rome"}""")] });
        Assert.Contains("f: city is \"\"Rome\"\", not \"\"Paris\"\"", wrong.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Graders.Of("toolCall", "{\"score\":\"f1\"}", expected, new Answer { ToolCalls = [.. Enumerable.Repeat(new ToolCall("f", "{}"), 1000)] }).Score);
    }

    [Theory]
    [InlineData("")]
    [InlineData("f(1)")]
    [InlineData("""{"name":"f","args":{}}""")]
    [InlineData("""{"name":"f","arguments":"{}"}""")]
    [InlineData("""[{"arguments":{}}]""")]
    public void What_is_expected_has_to_be_calls(string expected)
    {
        var problems = new List<string>();
        Graders.Make("toolCall").Check(expected.Length == 0 ? [] : [expected], problems.Add);
        Assert.StartsWith("needs expected: a call", Assert.Single(problems), StringComparison.Ordinal);
    }
}
