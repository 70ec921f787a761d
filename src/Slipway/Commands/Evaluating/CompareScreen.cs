using System.Globalization;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Spectre.Console;

namespace Slipway.Commands.Evaluating;

/// <summary>What a comparison saw, on the screen.</summary>
internal static class CompareScreen
{
    public static void Show(string baseline, string candidate, NonInferiority test, PlannedLooks? plan, PairsSeen seen)
    {
        Table(baseline, candidate, seen);
        var evidence = seen.Evidence;
        Line("");
        Line($"{evidence.Units} pairs: {evidence.Counts.Better} better, {evidence.Counts.Same} the same, {evidence.Counts.Worse} worse{(evidence.Missing > 0 ? FormattableStringOf($", {evidence.Missing} prompts missing") : "")}.");
        if (seen.Looks.Length > 1)
        {
            Line("");
            foreach (var line in EvidencePicture.Draw(seen.Looks, -Math.Log(test.Alpha), -Math.Log(test.AlphaFail))) Line(line);
        }

        Line("");
        Differences(seen);
        Line(Words(candidate, test, plan, seen));
    }

    // The verdict in the words of somebody who has to act on it.
    private static string Words(string candidate, NonInferiority test, PlannedLooks? plan, PairsSeen seen) => seen.State.Verdict switch
    {
        Verdict.Pass => $"PASS: {candidate} is {seen.State.Reason}.",
        Verdict.Fail => $"FAIL: {candidate} is {seen.State.Reason}.",
        // More prompts would be a look that nobody planned.
        _ when plan is not null => $"NOT DECIDED, which is no pass: {seen.State.Reason}. A plan is not gone on with; plan another comparison with more prompts, or take --method betting.",
        _ => $"NOT DECIDED, which is no pass: {seen.State.Reason}. " + (Power.More(test, seen.Evidence) is { } more
            ? FormattableStringOf($"If it goes on as so far, about {more} more pairs would decide it.")
            : "What was measured lies so near the margin that no suite will tell; ask for another margin."),
    };

    private static void Table(string baseline, string candidate, PairsSeen seen)
    {
        var table = new Table().NoBorder().AddColumns("KIND", "PROMPTS", Markup.Escape(baseline.ToUpperInvariant()), Markup.Escape(candidate.ToUpperInvariant()));
        var (a, b) = (SuiteReport.Of([.. seen.Pairs.Select(static p => (p.Prompt, p.Baseline))]), SuiteReport.Of([.. seen.Pairs.Select(static p => (p.Prompt, p.Candidate))]));
        foreach (var (left, right) in a.Strata.Zip(b.Strata).Append((a.All, b.All)))
            table.AddRow([.. ((string[])[left.Name, $"{left.Prompts}", EvaluationScreen.Percent(left.Score), EvaluationScreen.Percent(right.Score)]).Select(Markup.Escape)]);
        Models.Wide.Write(table);
    }

    private static void Differences(PairsSeen seen)
    {
        var worse = seen.Pairs.Where(static p => p.Candidate.Score < p.Baseline.Score).Take(3).ToList();
        if (worse.Count == 0) return;
        Line("The first where only the candidate is wrong:");
        foreach (var pair in worse)
        {
            Line($"  {pair.Prompt.Id}: {EvaluationScreen.Line(pair.Prompt.Messages[^1].Content)}");
            Line($"    as it is:  {EvaluationScreen.Line(pair.Baseline.Answer.Text)}");
            Line($"    candidate: {EvaluationScreen.Line(pair.Candidate.Answer.Failure is { } failure ? $"({failure.Reason})" : pair.Candidate.Answer.Text)}");
        }

        Line("");
    }

    private static string FormattableStringOf(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(string text) => Console.Out.WriteLine(text);
}
