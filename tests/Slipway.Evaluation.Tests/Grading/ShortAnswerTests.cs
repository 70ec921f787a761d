using CsCheck;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>Numbers, letters, texts and patterns, as models write them.</summary>
public sealed class ShortAnswerTests
{
    [Theory]
    [InlineData("{}", "1234567.5", "It is 1,234,567.5.", 1)]
    [InlineData("{}", "1234567", "1\u202F234\u00A0567 €", 1)]
    [InlineData("{}", "2", "first 1,2", 1)]
    [InlineData("{}", "5", "pages 3-5", 1)]
    [InlineData("{}", "-5", "pages 3-5", 0)]
    [InlineData("{}", "-5", "x = -5", 1)]
    [InlineData("{}", "-5", "x = −5", 1)]
    [InlineData("{}", "-5", "-$5", 1)]
    [InlineData("{}", "0.75", "3/4", 1)]
    [InlineData("{}", "3/4", "0.75", 1)]
    [InlineData("{}", "1.5", "1 1/2 cups", 1)]
    [InlineData("{}", "1.5", "1½", 1)]
    [InlineData("{}", "0.5", "½", 1)]
    [InlineData("{}", "0.75", "$\\frac{3}{4}$", 1)]
    [InlineData("{}", "-0.75", "-3/4", 1)]
    [InlineData("{}", "0.3333333333333333", "1/3", 1)]
    [InlineData("{}", "2024", "on 1/2/2024", 1)]
    [InlineData("{}", "7", "7, since 1/0 is nothing", 1)]
    [InlineData("{}", "0.5", "50%", 1)]
    [InlineData("{}", "50", "50 %", 1)]
    [InlineData("{}", "50%", "0.5", 1)]
    [InlineData("{}", "50%", "50", 1)]
    [InlineData("{}", "50%", "0.5%", 0)]
    [InlineData("{}", "0.5%", "50%", 0)]
    [InlineData("{}", "5", "50%", 0)]
    [InlineData("{}", "33.3", "33.3\\%", 1)]
    [InlineData("{}", "0.3", "0.30000000000000004", 1)]
    [InlineData("{}", "1e-30", "0", 0)]
    [InlineData("{}", "6.02e23", "6.02E+23", 1)]
    [InlineData("{}", ".5", "0.5", 1)]
    [InlineData("{\"absolute\":0.5}", "10", "10.5", 1)]
    [InlineData("{\"absolute\":0.5}", "10", "10.51", 0)]
    [InlineData("{\"absolute\":0.5,\"relative\":0.1}", "-10", "-11.5", 1)]
    [InlineData("{\"absolute\":0.5,\"relative\":0.1}", "-10", "-11.6", 0)]
    [InlineData("{}", "7", "seven", 0)]
    [InlineData("{}", "7", "", 0)]
    [InlineData("{}", "1", "9e999", 0)]
    public void The_last_number_counts(string with, string expected, string answer, double score) => Assert.Equal(score, Graders.Of("numeric", with, expected, answer).Score);

    [Fact]
    public void Every_number_is_read_as_it_is_written()
    {
        Gen.Double[-1e12, 1e12].Sample(static number => Graders.Of("numeric", "{}", FormattableString.Invariant($"{number:R}"), FormattableString.Invariant($"That is {number:R}.")).Score == 1);
        Gen.Long[-999_999_999_999, 999_999_999_999].Sample(static number => Graders.Of("numeric", "{}", $"{number}", FormattableString.Invariant($"{number:N0}")).Score == 1);
        var problems = new List<string>();
        Graders.Make("numeric").Check(["5", "five"], problems.Add);
        Assert.Equal(["needs expected: a number"], problems);
    }

    [Theory]
    [InlineData("B", "B", 1)]
    [InlineData("B", " (B) the second", 1)]
    [InlineData("B", "B. Paris", 1)]
    [InlineData("b", "**B**", 1)]
    [InlineData("B", "b", 1)]
    [InlineData("B", "The answer is B because it is.", 1)]
    [InlineData("A", "The answer is A because it is.", 1)]
    [InlineData("A", "Answer: A", 1)]
    [InlineData("A", "Answer: a dog", 1)]
    [InlineData("A", "The answer is a dog.", 0)]
    [InlineData("I", "The option I choose is B: option B.", 0)]
    [InlineData("B", "The option I choose is B: option B.", 1)]
    [InlineData("B", "Not answer A, but answer B.", 1)]
    [InlineData("B", "\\boxed{B}", 1)]
    [InlineData("B", "So $\\boxed{\\text{B}}$.", 1)]
    [InlineData("B", "A) is wrong.\nB) is right.", 1)]
    [InlineData("A", "A dog", 0)]
    [InlineData("C", "Because of it", 0)]
    [InlineData("A", "", 0)]
    public void The_letter_that_is_chosen_counts(string expected, string answer, double score) => Assert.Equal(score, Graders.Of("choice", "{}", expected, answer).Score);

    [Fact]
    public void Only_letters_that_there_are_can_be_chosen()
    {
        Assert.Equal(1, Graders.Of("choice", "{\"letters\":\"ABCD\"}", "D", "Answer: D. I answer: I").Score);
        Assert.NotEmpty(Graders.Problems("choice", "{\"letters\":\"abc\"}"));
        Assert.NotEmpty(Graders.Problems("choice", "{\"letters\":\"AAB\"}"));
        var problems = new List<string>();
        Graders.Make("choice", "{\"letters\":\"ABCD\"}").Check(["E"], problems.Add);
        Assert.Equal(["needs expected: a letter of ABCD"], problems);
    }

    [Theory]
    [InlineData("{\"mode\":\"any\",\"values\":[\"a\",\"b\"]}", "xb", 1)]
    [InlineData("{\"mode\":\"all\",\"values\":[\"a\",\"b\"]}", "ba", 1)]
    [InlineData("{\"mode\":\"none\",\"values\":[\"a\",\"b\"]}", "xb", 0)]
    [InlineData("{\"mode\":\"none\",\"values\":[\"a\",\"b\"]}", "AB", 1)]
    [InlineData("{\"mode\":\"none\",\"values\":[\"a\",\"b\"],\"ignoreCase\":true}", "AB", 0)]
    public void Texts_are_contained_or_not(string with, string answer, double score)
    {
        Assert.Equal(score, Graders.Of("contains", with, null, answer).Score);
        var problems = new List<string>();
        Graders.Make("contains", "{\"values\":[\"\"]}").Check([], problems.Add);
        Assert.Equal(["looks for an empty text, which every answer contains"], problems);
    }

    [Theory]
    [InlineData("{\"pattern\":\"^b\"}", "a\nb", 0)]
    [InlineData("{\"pattern\":\"(?m)^b$\"}", "a\nb\nc", 1)]
    [InlineData("{\"pattern\":\"PARIS\",\"ignoreCase\":true}", "in Paris", 1)]
    public void Patterns_are_found_or_not(string with, string answer, double score) => Assert.Equal(score, Graders.Of("regex", with, null, answer).Score);

    [Theory]
    [InlineData("{\"pattern\":\"(a)\\\\1\"}", "expressions that need backtracking are not taken")]
    [InlineData("{\"pattern\":\"a{3,1}\"}", "is no regular expression")]
    [InlineData("{\"pattern\":\"(((a{99}){99}){99}){99}\"}", "is too large")]
    [InlineData("{}", "with.pattern is required")]
    [InlineData("{\"pattern\":\"a\",\"group\":\"n\"}", "\"n\" is no group of the pattern")]
    public void A_pattern_that_could_run_forever_is_refused(string with, string problem) =>
        Assert.Contains(Graders.Problems("regex", with), p => p.Contains(problem, StringComparison.Ordinal));
}
