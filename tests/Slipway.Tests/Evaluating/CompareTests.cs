using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Evaluating;

/// <summary>`slipway evaluate` and `compare` on the bundled model and its worse siblings, with a real engine.</summary>
[Trait("Speed", "slow")]
public sealed class CompareTests
{
    [Fact]
    public async Task An_equal_model_passes_and_a_worse_one_fails()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], TestContext.Current.CancellationToken);
        foreach (var model in (string[])["tiny-chat", "tiny-chat-q2"]) Assert.True((await slipway.RunAsync("deploy", $"slipway/{model}")).Succeeded);

        var results = folder["pairs.jsonl"];
        var equal = await slipway.RunAsync("compare", "tiny-chat", "tiny-chat", "--suite", "tiny-chat", "--margin", "0.1", "--results", results, "-o", "json");
        Assert.Equal((0, "Pass"), (equal.ExitCode, (string?)JsonNode.Parse(equal.Output)!["verdict"]));
        var compared = await slipway.RunAsync("compare", "tiny-chat", "tiny-chat-q2", "--suite", "tiny-chat", "--margin", "0.1", "-o", "json");
        var seen = JsonNode.Parse(compared.Output)!;
        Assert.Equal((7, "Fail"), (compared.ExitCode, (string?)seen["verdict"]));
        Assert.InRange((int)seen["pairs"]!, 5, 199);
        Assert.NotEmpty(seen["differing"]!.AsArray());

        // What was answered once is not asked again, and results of one run are not taken for another's.
        var again = await slipway.RunAsync("compare", "tiny-chat", "tiny-chat", "--suite", "tiny-chat", "--margin", "0.1", "--results", results, "-o", "json");
        Assert.Contains("answers are known from an earlier run", again.Errors, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(equal.Output), JsonNode.Parse(again.Output)), $"{equal.Output}\n{again.Output}");
        var other = await slipway.RunAsync("compare", "tiny-chat", "tiny-chat-q2", "--suite", "tiny-chat", "--margin", "0.1", "--results", results);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("has results of another run", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_with_what_to_do()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], TestContext.Current.CancellationToken);
        File.WriteAllText(folder["outside.jsonl"], "{}");
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/suite.yaml"], "apiVersion: slipway.dev/v1alpha1\nkind: EvaluationSuite\nmetadata: {name: mine}\nspec:\n  graders: [vibes]\n  source: {file: ../outside.jsonl}\n");
        File.WriteAllText(
            folder["mine/judged.yaml"],
            "apiVersion: slipway.dev/v1alpha1\nkind: EvaluationSuite\nmetadata: {name: judged}\nspec:\n  graders: [{type: judge, with: {rubric: Is it polite?}}]\n  prompts: [{id: a, prompt: Hello}]\n");
        (string[] Command, int Exit, string Says)[] cases =
        [
            (["evaluate", "tiny-chat", "--model", "nobody"], 1, "nobody cannot be asked: 404: There is no model"),
            (["evaluate", "nothing", "--model", "m"], 3, "There is no suite and no file nothing. Slipway comes with arithmetic, "),
            (["evaluate", "arithmetic", "--model", "m@http://127.0.0.1:1"], 4, "gave no answer to 12 prompts in a row"),
            (["evaluate", folder["mine/suite.yaml"], "--model", "m"], 1, "\"vibes\" is no grader"),
            (["evaluate", folder["mine/suite.yaml"], "--model", "m"], 1, "it lies outside of the suite's folder"),
            (["evaluate", folder["mine/judged.yaml"], "--model", "m"], 1, "1 prompts of judged are graded by a judge: name one with --judge"),
            (["evaluate", folder["mine/judged.yaml"], "--model", "m", "--judge", "j"], 1, "is graded by a judge alone"),
            (["evaluate", folder["mine/judged.yaml"], "--model", "qwen3-8b", "--judge", "qwen2.5-72b", "--judge-alone"], 1, "both are of the family"),
            (["compare", "a", "b", "--suite", "tiny-chat", "--margin", "0.01"], 1, "200 prompts are too few"),
            (["rollout", "start", "a", "--arg", "b=c", "--suite", "arithmetic", "--margin", "0.01"], 1, "too few to show that a candidate is no more than 1 points worse"),
            (["compare", "a", "b", "--suite", "tiny-chat", "--margin", "2"], 1, "--margin has to lie between 0 and 1"),
        ];
        File.WriteAllText(folder["rollout.yaml"], "apiVersion: slipway.dev/v1alpha1\nkind: ModelRollout\nmetadata: {name: early}\nspec: {deploymentRef: {name: nobody}, candidate: {}, steps: [{canary: {weight: 10}}]}\n");
        await slipway.KubectlOkAsync("apply", "-f", folder["rollout.yaml"]);
        var waiting = slipway.RunAsync("rollout", "watch", "early");
        foreach (var (command, exit, says) in cases)
        {
            var result = await slipway.RunAsync(command);
            Assert.Equal(exit, result.ExitCode);
            Assert.Contains(says, result.Errors, StringComparison.Ordinal);
        }

        var begun = await waiting;
        Assert.Equal(8, begun.ExitCode);
        Assert.Contains("default/early has not begun: There is no ModelDeployment nobody", begun.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_suites_that_come_with_Slipway_can_all_be_read()
    {
        var all = await RunAsync();
        Assert.True(all.Succeeded, all.Errors);
        foreach (var suite in Directory.GetFiles(Path.Combine(Tools.RepositoryRoot, "suites"), "*.yaml").Select(Path.GetFileNameWithoutExtension))
        {
            Assert.Contains(suite!, all.Output, StringComparison.Ordinal);
            Assert.True((await RunAsync(suite!)).Succeeded);
        }
    }

    [Fact]
    public async Task Another_tool_s_file_becomes_a_suite_and_what_is_not_in_it_is_named()
    {
        using var folder = new TempDirectory();
        File.WriteAllText(
            folder["config.yaml"],
            "prompts: ['What is {{a}} + 1?']\ntests:\n- vars: {a: 1}\n  assert: [{type: equals, value: '2'}]\n- vars: {a: 2}\n  assert: [{type: javascript, value: 'output == 3'}]\n");
        var imported = await RunAsync("import", "promptfoo", folder["config.yaml"]);
        Assert.True(imported.Succeeded, imported.Errors);
        Assert.Contains("not taken: ", imported.Errors, StringComparison.Ordinal);
        Assert.Contains("javascript", imported.Errors, StringComparison.Ordinal);
        File.WriteAllText(folder["mine.yaml"], imported.Output);
        Assert.Contains("What is 1 + 1?", (await RunAsync(folder["mine.yaml"])).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("import", "promptfoo", "/nowhere.yaml")).ExitCode);
        Assert.Contains("FORMAT is one of", (await RunAsync("import", "excel", folder["config.yaml"])).Errors, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(SlipwayProcess.Program, ["suites", .. arguments], cancellationToken: TestContext.Current.CancellationToken);
}
