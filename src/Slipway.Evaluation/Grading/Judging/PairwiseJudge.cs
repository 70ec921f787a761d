using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading.Judging;

/// <summary>What a judge said of two answers.</summary>
/// <param name="Difference">1 when the candidate's is better, -1 when it is worse, 0 for a tie; null when it was not judged, which is none of these.</param>
/// <param name="Consistent">Whether both orders gave the same; false where the tie is the judge's indecision.</param>
/// <param name="Reason">The judge's reasons.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PairJudgement(int? Difference, bool Consistent, string Reason);

/// <summary>Judges which of two answers is better, in both orders.</summary>
/// <remarks>
/// Judges prefer the first or the second of two, whatever they say (Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", 2023): a win counts only
/// when both orders agree, and else it is a tie. The share of pairs where they agree tells how far the judge can be trusted.
/// </remarks>
/// <param name="judge">The judge.</param>
/// <param name="criterion">By what the better one is told.</param>
public sealed class PairwiseJudge(Judge judge, string criterion = PairwiseJudge.Helpful)
{
    /// <summary>The criterion when none is given.</summary>
    public const string Helpful = "Which answer is more correct and helpful? Length and style are no merit of their own.";

    private static readonly ImmutableArray<string> s_choices = ["first", "second", "tie"];

    /// <summary>Judges.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="baseline">The answer of the model as it is.</param>
    /// <param name="candidate">The candidate's answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PairJudgement> CompareAsync(Prompt prompt, Answer baseline, Answer candidate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        var (question, old, made) = (Judge.Text(prompt.Messages), Judge.Text(baseline), Judge.Text(candidate));
        if (old == made) return new(0, true, "the answers are the same");
        if (old.Length > JudgeRequest.MostCharacters || question.Length > JudgeRequest.MostCharacters) return new(null, false, $"longer than the {JudgeRequest.MostCharacters} characters that are judged");
        // Not judged would let a candidate escape by going on and on.
        if (made.Length > JudgeRequest.MostCharacters) return new(-1, true, $"the candidate's answer is longer than {JudgeRequest.MostCharacters} characters");

        var forth = await AskAsync(question, old, made, cancellationToken);
        if (forth.Choice is null) return new(null, false, forth.Reason);
        var back = await AskAsync(question, made, old, cancellationToken);
        if (back.Choice is null) return new(null, false, back.Reason);
        var (one, other) = (Difference(forth.Choice), -Difference(back.Choice));
        return one == other ? new(one, true, forth.Reason) : new(0, false, $"the judge says otherwise in the other order: {forth.Reason} / {back.Reason}");
    }

    private Task<Verdict> AskAsync(string question, string first, string second, CancellationToken cancellationToken) =>
        judge.AskAsync($"Two models answered one question. {criterion}", [("QUESTION", question), ("FIRST ANSWER", first), ("SECOND ANSWER", second)], s_choices, cancellationToken);

    private static int Difference(string choice) => choice switch { "first" => -1, "second" => 1, _ => 0 };
}
