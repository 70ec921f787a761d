using CsCheck;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>Against figures that other programs computed; how is said in the file.</summary>
public sealed class MeasureTests
{
    private static readonly string[] s_measures = ["squadExact", "tokenF1", "rouge1", "rouge2", "rougeL", "bleu", "chrF", "levenshtein"];

    public static TheoryData<string> Measures => [.. s_measures];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Scores_are_those_that_others_compute(string measure)
    {
        var vectors = Graders.Data("Grading/Data/measures.json")["vectors"]!.AsArray();
        Assert.True(vectors.Count > 60);
        foreach (var vector in vectors)
        {
            var expected = vector!["expected"]!.AsArray().Select(static e => (string)e!).ToArray();
            var grade = Graders.Of(measure, "{}", expected, new Answer { Text = (string)vector["answer"]! });
            Assert.True(Math.Abs((double)vector[measure]! - grade.Score!.Value) < 1e-9, $"{measure} {grade.Score}, not {vector.ToJsonString()}");
            Assert.Equal(grade.Score < 1 - 1e-12, grade.Reason.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Any_text_has_a_score_from_0_to_1_and_is_most_like_itself(string measure)
    {
        var grader = Graders.Make(measure);
        Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
        {
            var score = grader.Grade(Graders.Asked([b]), new Answer { Text = a }).Score!.Value;
            var same = grader.Grade(Graders.Asked([a]), new Answer { Text = a }).Score!.Value;
            return score is >= 0 and <= 1 + 1e-9 && (same > 1 - 1e-9 || (same == 0 && measure is "rouge1" or "rouge2" or "rougeL" or "bleu" or "chrF"));
        });
    }

    [Fact]
    public void A_threshold_makes_it_right_or_wrong()
    {
        Assert.Equal(1, Graders.Of("tokenF1", "{\"threshold\":0.6}", "Paris", "Paris, France").Score);
        var low = Graders.Of("tokenF1", "{\"threshold\":0.7}", "Paris", "Paris, France");
        Assert.Equal(0, low.Score);
        Assert.Contains("tokenF1 0.667 is below 0.7", low.Reason, StringComparison.Ordinal);
        Assert.Contains("with.threshold is a number from 0 to 1", Graders.Problems("bleu", "{\"threshold\":30}"));
    }

    [Fact]
    public void An_answer_that_goes_on_and_on_is_wrong_and_takes_no_time()
    {
        var endless = Graders.Of("levenshtein", "{}", new string('b', MeasureGrader.MostCharacters), new string('a', MeasureGrader.MostCharacters * 50));
        Assert.Equal(0, endless.Score);
        Assert.Contains("longer than", endless.Reason, StringComparison.Ordinal);
        var problems = new List<string>();
        Graders.Make("bleu").Check([], problems.Add);
        Graders.Make("bleu").Check([new string('b', MeasureGrader.MostCharacters + 1)], problems.Add);
        Assert.Equal(2, problems.Count);
    }
}
