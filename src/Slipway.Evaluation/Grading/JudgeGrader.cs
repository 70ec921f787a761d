using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Judging;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>
/// Another model judges the answer by a rubric. Its verdict is one of some choices, each with a score; a reply that is not exactly one of them, or a judge that cannot
/// be asked, leaves the answer not graded, never right.
/// </summary>
/// <param name="rubric">What makes an answer good, in words.</param>
/// <param name="choices">The verdicts with their scores.</param>
/// <param name="threshold">From which score on the answer is right, and below wrong; null for the score itself.</param>
/// <param name="reference">Whether the judge sees what the prompt expects.</param>
/// <param name="judge">The judge; null until it is bound.</param>
public sealed class JudgeGrader(string rubric, ImmutableArray<(string Choice, double Score)> choices, double? threshold, bool reference, Judge? judge) : IGrader
{
    private const int MostChoices = 20;

    // 1 to 5, as people are asked too.
    private static readonly ImmutableArray<(string, double)> s_scale = [("1", 0), ("2", 0.25), ("3", 0.5), ("4", 0.75), ("5", 1)];

    internal static IGrader Read(Fields with)
    {
        var (rubric, listed, threshold, reference) = (with.Text("rubric"), with.Any("choices"), with.Number("threshold", 0, 1), with.Flag("reference"));
        with.Done();
        if (string.IsNullOrWhiteSpace(rubric)) with.Problem("rubric", "is required: what makes an answer good, in words");
        if (rubric?.Length > JudgeRequest.MostCharacters) with.Problem("rubric", $"is longer than {JudgeRequest.MostCharacters} characters");
        var choices = listed is null ? s_scale : [.. (listed as JsonObject ?? []).Select(static p => (p.Key, Number(p.Value)))];
        if (choices.Length is < 2 or > MostChoices || choices.Any(static c => c.Item1.Length is 0 or > 40 || c.Item1.AsSpan().ContainsAny('"', '\\', '\n') || c.Item2 is not (>= 0 and <= 1))) with.Problem("choices", $"is an object of 2 to {MostChoices} short verdicts with their scores from 0 to 1, such as {{\"yes\": 1, \"no\": 0}}");
        return new JudgeGrader(rubric ?? "", choices, threshold, reference, null);
    }

    /// <inheritdoc/>
    public IGrader With(GradingServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new JudgeGrader(rubric, choices, threshold, reference, services.Judge ?? judge);
    }

    /// <inheritdoc/>
    public void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (reference && expected.Count == 0) problem("needs expected: the reference that the judge is to see");
    }

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        var text = Judge.Text(answer);
        // Decided without a judge: an empty answer leaves it nothing to judge, and a model must not escape a grade by going on and on.
        if (string.IsNullOrWhiteSpace(text)) return Grade.Wrong("is empty");
        if (text.Length > JudgeRequest.MostCharacters) return Grade.Wrong($"is longer than {JudgeRequest.MostCharacters} characters: {Quote.One(text)}");
        if (judge is null) return Grade.None("there is no judge");
        ImmutableArray<(string, string)> material = [("QUESTION", Judge.Text(prompt.Messages)), .. reference ? [("REFERENCE", string.Join("\nor\n", prompt.Expected))] : Array.Empty<(string, string)>(), ("ANSWER", text)];
        if (material.Any(static m => m.Item2.Length > JudgeRequest.MostCharacters)) return Grade.None($"the question or the reference is longer than {JudgeRequest.MostCharacters} characters");
        var verdict = await judge.AskAsync($"A model answered a question. {rubric}", material, [.. choices.Select(static c => c.Choice)], cancellationToken);
        if (verdict.Choice is null) return Grade.None(verdict.Reason);
        var score = choices.First(c => c.Choice == verdict.Choice).Score;
        var right = threshold is null ? score : score >= threshold ? 1 : 0;
        return new(right, right == 1 ? "" : $"{judge.Model} says {verdict.Choice}: {Quote.One(verdict.Reason)}");
    }

    private static double Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
