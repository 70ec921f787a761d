using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Comparing;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Importing;
using Slipway.Evaluation.Running;
using Slipway.Evaluation.Statistics;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Attacks;

/// <summary>
/// Candidates that would pass without being as good, and what becomes of each. What a text says to a judge is in JudgeTests; docs/evaluation.md states the outcomes for people.
/// </summary>
public sealed class AttackTests
{
    private static readonly EvaluationSuite s_public = Suite(Enumerable.Range(0, 150).Select(static i => ($"What is {i} + 1?", $"{i + 1}")));

    private static readonly IChat s_good = new Saying(static question => Words(question) is ["What", "is", var a, "+", var b] ? $"{int.Parse(a) + int.Parse(b.TrimEnd('?'))}" : "?");

    [Fact]
    public async Task Who_knows_the_suites_prompts_and_nothing_else_passes_it_and_fails_what_users_asked()
    {
        var known = s_public.Prompts.ToDictionary(static p => p.Messages[^1].Content, static p => p.Expected[0]);
        var crammer = new Saying(question => known.GetValueOrDefault(question) ?? "I don't know");
        Assert.Equal(Verdict.Pass, (await CompareAsync(s_public, s_good, crammer)).Verdict);
        // As the gateway records them; nobody who makes a candidate has them.
        var lines = Enumerable.Range(0, 150).Select(static i => $$$"""{"url":"/v1/chat/completions","request":{"messages":[{"role":"user","content":"What is {{{7 * i}}} + {{{i + 3}}}?"}]},"response":{"choices":[{"message":{"role":"assistant","content":"{{{(8 * i) + 3}}}"}}]}}""");
        var recorded = SuiteReader.Read(OpenAIChatLogs.Read("said.jsonl", string.Join('\n', lines)).Suite!).Suite!;
        Assert.Equal(Verdict.Fail, (await CompareAsync(recorded, s_good, crammer)).Verdict);
        Assert.Equal(Verdict.Pass, (await CompareAsync(recorded, s_good, s_good)).Verdict);
    }

    [Fact]
    public async Task Who_answers_nothing_fails() =>
        Assert.Equal(Verdict.Fail, (await CompareAsync(s_public, s_good, new Saying(static _ => ""))).Verdict);

    // Those alone forbid something, and whoever says nothing says nothing that is forbidden: a suite needs another grader beside them.
    [Fact]
    public async Task Nothing_is_right_for_graders_that_forbid_and_for_no_other()
    {
        var right = new List<string>();
        foreach (var type in GraderCatalog.Types)
        {
            var with = type switch
            {
                "regex" => """{"pattern":"42"}""",
                "jsonSchema" => """{"schema":{"type":"object"}}""",
                "judge" => """{"rubric":"Right?"}""",
                "not" => """{"type":"contains"}""",
                "language" => """{"language":"en"}""",
                "length" => """{"most":100}""",
                "refusal" => """{"refuses":false}""",
                _ => "{}",
            };
            var expected = type switch { "toolCall" => "[{\"name\":\"f\",\"arguments\":{}}]", "jsonEquals" => "{\"a\":1}", "choice" => "A", _ => "42" };
            var problems = new List<string>();
            var grader = GraderCatalog.Create(type, new Fields(JsonNode.Parse(with)!.AsObject(), "with", problems))!;
            Assert.Empty(problems);
            var grade = await grader.GradeAsync(new Prompt("p", [new("user", "?")]) { Expected = [expected] }, new Answer { FinishReason = "stop" }, TestContext.Current.CancellationToken);
            if (grade.Score > 0) right.Add(type);
        }

        Assert.Equal(["finish", "length", "not", "pii"], right);
    }

    [Theory]
    [InlineData(4, Verdict.Pass)]
    [InlineData(10, Verdict.Undecided)]
    public async Task Who_says_that_there_is_no_room_wherever_an_answer_would_be_wrong_does_not_pass(int percent, Verdict verdict)
    {
        var evading = new Played(question => int.Parse(Words(question)[2]) % 100 < percent
            ? new Answer { Failure = new Failure(FailureKind.Infrastructure, "429: too many requests") { RetryAfter = TimeSpan.FromHours(1) } }
            : new Answer { Text = $"{int.Parse(Words(question)[2]) + 1}", FinishReason = "stop" });
        var state = await CompareAsync(s_public, s_good, evading);
        Assert.Equal(verdict, state.Verdict);
        if (verdict is Verdict.Undecided) Assert.Contains("what is missing may be just what would have failed", state.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_streams_break_off_where_an_answer_would_be_wrong_fails()
    {
        var breaking = new Played(question => int.Parse(Words(question)[2]) % 3 == 0
            ? new Answer { Text = "4", Failure = new Failure(FailureKind.Model, "the stream ended before the answer did") }
            : new Answer { Text = $"{int.Parse(Words(question)[2]) + 1}", FinishReason = "stop" });
        Assert.Equal(Verdict.Fail, (await CompareAsync(s_public, s_good, breaking)).Verdict);
    }

    [Fact]
    public async Task Load_on_the_model_as_it_is_alone_lets_no_worse_candidate_pass()
    {
        // Under its users' load it answers four in ten in time; the candidate, which nobody else asks, is wrong in one of three.
        var loaded = new Played(question => int.Parse(Words(question)[2]) % 10 < 6
            ? new Answer { Failure = new Failure(FailureKind.Model, "no end of an answer within 120 s") }
            : new Answer { Text = $"{int.Parse(Words(question)[2]) + 1}", FinishReason = "stop" });
        var worse = new Saying(static question => int.Parse(Words(question)[2]) % 3 == 0 ? "?" : $"{int.Parse(Words(question)[2]) + 1}");
        var state = await CompareAsync(s_public, loaded, worse);
        Assert.Equal(Verdict.Undecided, state.Verdict);
        Assert.Contains("requests of the model as it is came to nothing, above 5 in 100", state.Reason, StringComparison.Ordinal);
        // Load on the candidate alone counts against it: its users would wait as long.
        Assert.Equal(Verdict.Fail, (await CompareAsync(s_public, s_good, loaded)).Verdict);
    }

    private static async Task<ComparisonState> CompareAsync(EvaluationSuite suite, IChat baseline, IChat candidate)
    {
        var (runner, comparison) = (new PromptRunner(TimeProvider.System) { Attempts = 2, Pause = TimeSpan.Zero, LongestPause = TimeSpan.Zero }, new Comparison(new NonInferiority(0.1)));
        foreach (var prompt in suite.Prompts)
        {
            var a = await runner.RunAsync(baseline, prompt, suite.Settings, TestContext.Current.CancellationToken);
            if (comparison.Add((a, await runner.RunAsync(candidate, prompt, suite.Settings, TestContext.Current.CancellationToken))).Verdict is not Verdict.Undecided) break;
        }

        return comparison.State;
    }

    private static EvaluationSuite Suite(IEnumerable<(string Question, string Expected)> prompts) => SuiteReader.Read(new JsonObject
    {
        ["apiVersion"] = "slipway.dev/v1alpha1",
        ["kind"] = "EvaluationSuite",
        ["metadata"] = new JsonObject { ["name"] = "sums" },
        ["spec"] = new JsonObject
        {
            ["graders"] = new JsonArray("exact"),
            ["prompts"] = new JsonArray([.. prompts.Select(static (p, i) => new JsonObject { ["id"] = $"{i}", ["prompt"] = p.Question, ["expected"] = p.Expected })]),
        },
    }).Suite!;

    private static string[] Words(string question) => question.Split(' ');

    private sealed class Saying(Func<string, string> say) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(new Answer { Text = say(question.Messages[^1].Content), FinishReason = "stop" });
    }

    private sealed class Played(Func<string, Answer> play) : IChat
    {
        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken) => Task.FromResult(play(question.Messages[^1].Content));
    }
}
