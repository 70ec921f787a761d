using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Behaviour;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>A grader that expects what the user got.</summary>
/// <param name="grader">The grader.</param>
/// <param name="expected">What it expects.</param>
internal sealed class UserKey(IGrader grader, ImmutableArray<string> expected) : IGrader
{
    /// <summary>Who grades answers to a request.</summary>
    /// <param name="graders">The step's graders.</param>
    /// <param name="answer">What the user got.</param>
    /// <returns>The graders; null where what the user got is nothing that one of them can compare with.</returns>
    public static ImmutableArray<GraderUse>? Of(ImmutableArray<GraderUse> graders, Answer answer)
    {
        var keyed = ImmutableArray.CreateBuilder<GraderUse>();
        foreach (var use in graders)
        {
            if (Expected(use.Type, answer) is not { } expected) return null;
            var wrong = false;
            use.Grader.Check(expected, _ => wrong = true);
            if (wrong) return null;
            keyed.Add(use with { Grader = new UserKey(use.Grader, expected) });
        }

        return keyed.ToImmutable();
    }

    /// <inheritdoc/>
    public ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken) => grader.GradeAsync(prompt with { Expected = expected }, answer, cancellationToken);

    /// <inheritdoc/>
    public void Check(IReadOnlyList<string> expected, Action<string> problem) => grader.Check(expected, problem);

    private static ImmutableArray<string>? Expected(string type, Answer answer) => type switch
    {
        "toolCall" => Calls(answer) is { } calls ? [calls] : null,
        "language" => Languages.Candidates(answer.Text),
        _ => string.IsNullOrWhiteSpace(answer.Text) ? [] : [answer.Text],
    };

    private static string? Calls(Answer answer)
    {
        try
        {
            return new JsonArray([.. answer.ToolCalls.Select(static c => (JsonNode)new JsonObject { ["name"] = c.Name, ["arguments"] = JsonNode.Parse(c.Arguments) })]).ToJsonString();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
