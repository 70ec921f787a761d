using System.Collections.Frozen;
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
        ["numeric"] = NumericGrader.Read,
        ["choice"] = ChoiceGrader.Read,
        ["jsonEquals"] = JsonEqualsGrader.Read,
        ["finish"] = FinishGrader.Read,
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
