using System.Collections.Immutable;

namespace Slipway.Evaluation.Grading;

/// <summary>One score from the grades of all graders of a prompt.</summary>
public static class Score
{
    /// <summary>The mean by weights; 0 when a critical grader says 0; null when any grader could not grade, since a mean of the rest would be another measure.</summary>
    /// <param name="grades">Each use of a grader with its grade; at least one.</param>
    public static double? Of(ImmutableArray<(GraderUse Use, Grade Grade)> grades)
    {
        if (grades.IsEmpty) throw new ArgumentException("There are no grades.", nameof(grades));
        if (grades.Any(static g => g.Use.Critical && g.Grade.Score is 0)) return 0;
        if (grades.Any(static g => g.Grade.Score is null)) return null;
        return grades.Sum(static g => g.Use.Weight * g.Grade.Score!.Value) / grades.Sum(static g => g.Use.Weight);
    }
}
