using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Grading;

public sealed class AnswerGraderTests
{
    [Theory]
    [InlineData("exact", "{}", "42", " 42\n", 1)]
    [InlineData("exact", "{}", "42", "The answer is 42", 0)]
    [InlineData("exact", "{}", "Paris", "paris", 0)]
    [InlineData("exact", "{\"ignoreCase\":true,\"ignorePunctuation\":true}", "Paris", "paris.", 1)]
    [InlineData("exact", "{}", "42", "\uFF14\uFF12", 1)]
    [InlineData("contains", "{}", "Paris", "It is Paris.", 1)]
    [InlineData("contains", "{\"mode\":\"all\",\"values\":[\"a\",\"b\"]}", "", "a c", 0)]
    [InlineData("contains", "{\"mode\":\"none\",\"values\":[\"sorry\"],\"ignoreCase\":true}", "", "Sorry, no.", 0)]
    [InlineData("regex", "{\"pattern\":\"^[0-9]+$\"}", "", "123", 1)]
    [InlineData("regex", "{\"pattern\":\"Total: (?<n>[0-9]+)\",\"group\":\"n\"}", "12", "Total: 12 apples", 1)]
    [InlineData("regex", "{\"pattern\":\"Total: (?<n>[0-9]+)\",\"group\":\"n\"}", "12", "Total: 13", 0)]
    [InlineData("numeric", "{}", "1234567", "about 3, so 1,234,567.", 1)]
    [InlineData("numeric", "{\"relative\":0.01}", "100", "= 100.9", 1)]
    [InlineData("numeric", "{\"relative\":0.01}", "100", "= 101.1", 0)]
    [InlineData("numeric", "{}", "7", "seven", 0)]
    [InlineData("numeric", "{}", "-5", "It is -5", 1)]
    [InlineData("choice", "{}", "B", "Answer: (B)", 1)]
    [InlineData("choice", "{}", "B", "A dog is wrong, so the answer is B.", 1)]
    [InlineData("choice", "{}", "A", "B) is it", 0)]
    [InlineData("jsonEquals", "{}", "{\"a\":1,\"b\":[2]}", " {\"b\": [2], \"a\": 1}", 1)]
    [InlineData("jsonEquals", "{}", "{\"a\":1}", "{\"a\":1,\"b\":2}", 0)]
    [InlineData("jsonEquals", "{\"subset\":true}", "{\"a\":1}", "{\"a\":1,\"b\":2}", 1)]
    [InlineData("jsonEquals", "{}", "{\"a\":1}", "{\"a\":1,\"a\":1}", 0)]
    [InlineData("jsonEquals", "{}", "{\"a\":1}", "a=1", 0)]
    [InlineData("finish", "{}", "", "x", 1)]
    [InlineData("finish", "{\"reason\":\"length\"}", "", "x", 0)]
    public void Answers_are_graded(string type, string with, string expected, string answer, double score)
    {
        var problems = new List<string>();
        var grader = (AnswerGrader)GraderCatalog.Create(type, new Fields(JsonNode.Parse(with)!.AsObject(), "with", problems))!;
        Assert.Empty(problems);
        var prompt = new Prompt("p", [new Message("user", "?")]) { Expected = expected.Length == 0 ? [] : [expected] };
        grader.Check(prompt.Expected, problems.Add);
        Assert.Empty(problems);
        var grade = grader.Grade(prompt, new Answer { Text = answer, FinishReason = "stop" });
        Assert.Equal(score, grade.Score);
        Assert.Equal(score == 1, grade.Reason.Length == 0);
    }

    [Fact]
    public void A_long_answer_takes_no_longer_than_its_length_asks_for()
    {
        var grader = (AnswerGrader)GraderCatalog.Create("regex", new Fields(new JsonObject { ["pattern"] = "(a+)+$" }, "with", []))!;
        Assert.Equal(0, grader.Grade(new Prompt("p", []), new Answer { Text = new string('a', 50_000) + "b" }).Score);
    }

    [Fact]
    public void One_grader_that_could_not_grade_leaves_no_score_and_a_critical_zero_is_zero()
    {
        var (exact, critical) = (new GraderUse("a", "exact", new ExactGrader(false, false)) { Weight = 3 }, new GraderUse("b", "finish", new FinishGrader("stop")) { Critical = true });
        Assert.Equal(0.75, Score.Of([(exact, Grade.Right()), (exact with { Weight = 1 }, Grade.Wrong("x"))]));
        Assert.Null(Score.Of([(exact, Grade.Right()), (exact, Grade.None("x"))]));
        Assert.Equal(0, Score.Of([(exact, Grade.None("x")), (critical, Grade.Wrong("x"))]));
    }
}
