using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>Graders made the way that a suite makes them.</summary>
internal static class Graders
{
    /// <summary>Makes one; fails the test when the suite would not be taken.</summary>
    public static AnswerGrader Make(string type, string with = "{}") => Assert.IsAssignableFrom<AnswerGrader>(Make(type, with, out var problems) is { } made && problems.Count == 0 ? made : throw new InvalidOperationException(string.Join("; ", problems)));

    /// <summary>What is wrong with what a suite says of a grader.</summary>
    public static IReadOnlyList<string> Problems(string type, string with)
    {
        Make(type, with, out var problems);
        return problems;
    }

    /// <summary>The grade of an answer.</summary>
    public static Grade Of(string type, string with, IReadOnlyList<string> expected, Answer answer)
    {
        var grader = Make(type, with);
        var problems = new List<string>();
        grader.Check(expected, problems.Add);
        Assert.Empty(problems);
        return grader.Grade(Asked(expected), answer);
    }

    /// <summary>The grade of a text.</summary>
    public static Grade Of(string type, string with, string? expected, string answer) => Of(type, with, expected is null ? [] : [expected], new Answer { Text = answer, FinishReason = "stop" });

    public static Prompt Asked(IReadOnlyList<string> expected) => new("p", [new Message("user", "?")]) { Expected = [.. expected] };

    /// <summary>A data file beside the tests.</summary>
    public static JsonNode Data(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)))!;

    private static IGrader? Make(string type, string with, out List<string> problems) =>
        GraderCatalog.Create(type, new Fields(JsonNode.Parse(with)!.AsObject(), "with", problems = []));
}
