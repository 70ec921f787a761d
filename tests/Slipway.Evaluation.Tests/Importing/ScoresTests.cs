using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Importing;
using Slipway.Evaluation.Suites;
using Slipway.Evaluation.Tests.Grading;

namespace Slipway.Evaluation.Tests.Importing;

/// <summary>What is imported scores as in the tool that it comes from.</summary>
public sealed class ScoresTests
{
    public static TheoryData<string> Cases => [.. Vectors().Select(static c => $"{c["format"]} {c["name"]}")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_imported_test_scores_as_at_home(string name)
    {
        var vector = Vectors().Single(c => $"{c["format"]} {c["name"]}" == name);
        var files = vector["files"]!.AsObject().ToDictionary(static f => f.Key, static f => (string)f.Value!);
        string File(string path) => files.TryGetValue(path, out var text) ? text : throw new FileNotFoundException("there is no such file");
        var import = (string)vector["format"]! switch
        {
            "openai-evals" => OpenAIEvals.Read(files["registry"], null, File),
            "inspect" => InspectDataset.Read("data.jsonl", files["data"], Enum.Parse<InspectScorer>((string)vector["name"]!)),
            "lm-eval" => LmEvalTask.Read(files["task"], File),
            _ => PromptfooConfig.Read(files["config"]),
        };
        Assert.Empty(import.NotTaken);
        Assert.Empty(import.Differences);
        var reading = SuiteReader.Read(import.Suite!);
        Assert.Empty(reading.Problems);

        var (answers, rows) = (vector["answers"]!.AsArray(), vector["scores"]!.AsArray());
        Assert.Equal(rows.Count, reading.Suite!.Prompts.Length);
        foreach (var (prompt, row) in reading.Suite.Prompts.Zip(rows))
        {
            foreach (var (text, score) in answers.Zip(row!.AsArray()))
            {
                var answer = new Answer { Text = (string)text!, FinishReason = "stop" };
                var grades = new List<(GraderUse, Grade)>();
                foreach (var use in prompt.Graders) grades.Add((use, await use.Grader.GradeAsync(prompt, answer, TestContext.Current.CancellationToken)));
                Assert.True(Math.Abs((double)score! - Score.Of([.. grades])!.Value) < 1e-9, $"{prompt.Id} expects {string.Join(" or ", prompt.Expected)} and {text} should score {score}");
            }
        }
    }

    private static IEnumerable<JsonNode> Vectors() => Graders.Data("Importing/Data/scores.json")["cases"]!.AsArray().Select(static c => c!);
}
