using System.Collections.Frozen;
using Slipway.Evaluation.Grading.Measures;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>The graders by their types. A new one is a file of its own and a line here.</summary>
public static class GraderCatalog
{
    private static readonly FrozenDictionary<string, Func<Fields, IGrader>> s_types = new Dictionary<string, Func<Fields, IGrader>>(StringComparer.Ordinal)
    {
        ["exact"] = ExactGrader.Read,
        ["contains"] = ContainsGrader.Read,
        ["regex"] = RegexGrader.Read,
        ["match"] = MatchGrader.Read,
        ["not"] = NotGrader.Read,
        ["numeric"] = NumericGrader.Read,
        ["choice"] = ChoiceGrader.Read,
        ["jsonEquals"] = JsonEqualsGrader.Read,
        ["jsonSchema"] = JsonSchemaGrader.Read,
        ["toolCall"] = ToolCallGrader.Read,
        ["finish"] = FinishGrader.Read,
        ["language"] = LanguageGrader.Read,
        ["length"] = LengthGrader.Read,
        ["refusal"] = RefusalGrader.Read,
        ["pii"] = PiiGrader.Read,
        ["squadExact"] = MeasureGrader.Reader("squadExact", Squad.Exact),
        ["tokenF1"] = MeasureGrader.Reader("tokenF1", Squad.F1),
        ["rouge1"] = MeasureGrader.Reader("rouge1", static (a, e) => Rouge.N(a, e, 1)),
        ["rouge2"] = MeasureGrader.Reader("rouge2", static (a, e) => Rouge.N(a, e, 2)),
        ["rougeL"] = MeasureGrader.Reader("rougeL", Rouge.L),
        ["bleu"] = MeasureGrader.ReaderOfAll("bleu", Bleu.Sentence),
        ["chrF"] = MeasureGrader.Reader("chrF", ChrF.Sentence),
        ["embedding"] = EmbeddingGrader.Read,
        ["judge"] = JudgeGrader.Read,
        ["levenshtein"] = MeasureGrader.Reader("levenshtein", Levenshtein.Similarity),
    }.ToFrozenDictionary();

    /// <summary>The types there are.</summary>
    public static IEnumerable<string> Types => s_types.Keys.Order(StringComparer.Ordinal);

    /// <summary>Makes a grader.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="with">What the suite says of it; what the grader doesn't take is a problem.</param>
    /// <returns>The grader; null when there is no such type.</returns>
    public static IGrader? Create(string type, Fields with)
    {
        ArgumentNullException.ThrowIfNull(with);
        return s_types.TryGetValue(type, out var read) ? read(with) : null;
    }
}
