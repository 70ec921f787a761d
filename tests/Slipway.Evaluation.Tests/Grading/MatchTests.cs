using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>Matching in its own words (that of other tools is held by the importers' tests), and the contrary of a grader.</summary>
public sealed class MatchTests
{
    [Theory]
    [InlineData("{}", "Paris", "Paris", 1)]
    [InlineData("{}", "Paris", "Paris ", 0)]
    [InlineData("{\"trim\":\"blanks\"}", "Paris", " Paris\n", 1)]
    [InlineData("{\"trim\":\"punctuation\"}", "Paris", "(Paris!)", 1)]
    [InlineData("{\"at\":\"end\",\"ignoreCase\":true}", "PARIS", "in Paris", 1)]
    [InlineData("{\"at\":\"start\"}", "Paris", "in Paris", 0)]
    [InlineData("{\"extract\":\"([0-9]+) (?:apples|pears)\",\"select\":-1}", "3", "2 apples, 3 pears, 4 plums", 1)]
    [InlineData("{\"extract\":\"[0-9]+\",\"select\":1}", "[invalid]", "only 2", 1)]
    [InlineData("{\"extract\":\"[0-9]+\",\"select\":-2,\"fallback\":\"none\"}", "none", "only 2", 1)]
    [InlineData("{\"remove\":[\",\",\"[$]\"],\"ignorePunctuation\":true}", "1,000.", "$1000", 1)]
    [InlineData("{\"values\":[\"a\",\"b\"]}", "c", "b", 1)]
    public void Texts_match_after_normalising(string with, string expected, string answer, double score) => Assert.Equal(score, Graders.Of("match", with, expected, answer).Score);

    [Fact]
    public void What_would_match_every_answer_is_refused()
    {
        var problems = new List<string>();
        Graders.Make("match", "{\"at\":\"anywhere\",\"trim\":\"punctuation\"}").Check(["..."], problems.Add);
        Graders.Make("match").Check([], problems.Add);
        Assert.Equal(["matches an empty text, which every answer has", "needs something to match: expected, or with.values"], problems);
        Assert.Contains("looks ahead or behind", Assert.Single(Graders.Problems("match", "{\"remove\":[\"(?=a)\"]}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_contrary_turns_grades_and_not_their_absence()
    {
        Assert.Equal(1, (await NotAsync("""{"type":"contains","with":{"values":["a"]}}""", "b")).Score);
        var wrong = await NotAsync("""{"type":"contains","with":{"values":["a"]}}""", "a");
        Assert.Equal(0, wrong.Score);
        Assert.Contains("passes contains, and should not", wrong.Reason, StringComparison.Ordinal);
        Assert.Equal(0.25, (await NotAsync("""{"type":"tokenF1"}""", "b b b x", "b b b y")).Score);
        Assert.Null((await NotAsync("""{"type":"length","with":{"unit":"tokens","most":3}}""", "a")).Score);
        Assert.Null((await NotAsync("""{"type":"judge","with":{"rubric":"x"}}""", "a")).Score);
        Assert.Contains(Graders.Problems("not", """{"type":"not"}"""), static p => p.StartsWith("with.type is one of ", StringComparison.Ordinal));
        Assert.Contains(Graders.Problems("not", """{"type":"contains","with":{"mode":"some"}}"""), static p => p.StartsWith("with.with.mode is one of ", StringComparison.Ordinal));

        static async Task<Grade> NotAsync(string with, string answer, string? expected = null)
        {
            var problems = new List<string>();
            var grader = GraderCatalog.Create("not", new Fields(JsonNode.Parse(with)!.AsObject(), "with", problems))!;
            grader.Check(expected is null ? [] : [expected], problems.Add);
            Assert.Empty(problems);
            return await grader.With(new GradingServices()).GradeAsync(Graders.Asked(expected is null ? [] : [expected]), new Answer { Text = answer }, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void What_is_expected_may_stand_with_the_grader()
    {
        Assert.Equal(1, Graders.Of("jsonEquals", "{\"values\":[{\"a\":1}]}", null, "{\"a\":1}").Score);
        Assert.Equal(0, Graders.Of("jsonEquals", "{\"values\":[{\"a\":1},null]}", "{}", "{}").Score);
    }
}
