using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Evaluation.Grading;

/// <summary>Regular expressions of suites. They run without backtracking, in time that grows with the answer's length only, and are of bounded size.</summary>
internal static class SafePattern
{
    private const int MostCharacters = 2_000;
    private const double MostCopies = 100_000;

    /// <summary>Makes one; null, with the problem as a sentence, when it is none or can't be run in bounded time.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="ignoreCase">Whether large and small letters are alike.</param>
    /// <param name="problem">What is wrong.</param>
    public static Regex? Read(string pattern, bool ignoreCase, out string problem)
    {
        problem = "";
        try
        {
            // Counted repetitions within each other are written out: (a{99}){99} is 9,801 letters.
            var copies = s_counts.Matches(pattern).Aggregate(1.0, static (all, m) => all * Math.Max(1, double.Parse(m.Groups["most"].Value, CultureInfo.InvariantCulture)));
            if (pattern.Length > MostCharacters || copies > MostCopies) problem = $"is too large: at most {MostCharacters} characters, and counts such as {{2,5}} whose product is at most {MostCopies}";
            else return ignoreCase
                ? new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)
                : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            problem = "looks ahead or behind, or refers back: expressions that need backtracking are not taken, since an answer could make them run forever";
        }
        catch (ArgumentException wrong)
        {
            problem = $"is no regular expression: {wrong.Message}";
        }

        return null;
    }

    private static readonly Regex s_counts = new(@"\{([0-9]{1,9},)?(?<most>[0-9]{1,9}),?\}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
