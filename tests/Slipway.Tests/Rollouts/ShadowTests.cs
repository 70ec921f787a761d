using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Commands.Evaluating;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Rollouts;

/// <summary>What users asked is asked of candidates, recorded and live, and both sides are compared token by token, with real engines.</summary>
[Trait("Speed", "slow")]
[Collection(Alone.Name)]
public sealed class ShadowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worse_model_is_turned_down_by_what_users_asked_and_by_its_tokens_and_an_equal_one_takes_the_place()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);

        // Nothing is recorded yet: it is not begun, and says what to do.
        await RolloutAsync(slipway, folder, "early", """{"model":{"id":"slipway/tiny-chat-early"}}""", """[{"shadow":{"source":"Recorded","graders":[{"type":"exact"}],"margin":0.1}}]""");
        await slipway.KubectlOkAsync("wait", "modelrollout/early", "--for=jsonpath={.status.phase}=Pending", "--timeout=60s");
        Assert.Contains("kubectl annotate namespace default slipway.dev/record=10%", (await StatusAsync(slipway, "early"))["message"]!.GetValue<string>(), StringComparison.Ordinal);

        await slipway.KubectlOkAsync("annotate", "namespace", "default", "slipway.dev/record=100%");
        await AskAsync(slipway.Gateway, 160);
        await slipway.KubectlOkAsync("wait", "modelrollout/early", "--for=jsonpath={.status.phase}=RollingBack", "--timeout=180s");
        var early = await StatusAsync(slipway, "early");
        Assert.Contains("users' requests, asked of the candidate: answers are ", (string?)early["message"], StringComparison.Ordinal);
        Assert.Equal(0, (int)early["candidateWeight"]!);
        var evidence = await File.ReadAllTextAsync(Path.Combine(slipway.Data, "evidence", "default.early.shadow.jsonl"), Token);
        Assert.DoesNotContain("What is", evidence, StringComparison.Ordinal);
        await slipway.KubectlOkAsync("delete", "modelrollout", "early", "--timeout=60s");

        await File.WriteAllTextAsync(folder["suite.json"], SuiteFiles.ReadWhole("tiny-chat").Manifest!.ToJsonString(), Token);
        await slipway.KubectlOkAsync("apply", "--server-side", "-f", folder["suite.json"]);
        const string Parity = """{"parity":{"suiteRef":{"name":"tiny-chat"},"mostDivergence":0.05,"leastAgreement":0.9,"mostPerplexityRatio":1.3}}""";
        await RolloutAsync(slipway, folder, "q2", """{"model":{"id":"slipway/tiny-chat-q2"}}""", $"[{Parity}]");
        await slipway.KubectlOkAsync("wait", "modelrollout/q2", "--for=jsonpath={.status.phase}=RollingBack", "--timeout=180s");
        Assert.Contains("the candidate foretells otherwise than the model as it is: ", (string?)(await StatusAsync(slipway, "q2"))["message"], StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(await StatusAsync(slipway, "q2"))["message"]}");
        await slipway.KubectlOkAsync("delete", "modelrollout", "q2", "--timeout=60s");

        await RolloutAsync(
            slipway, folder, "equal", """{"engine":{"args":{"ubatch-size":"256"}}}""",
            $$$"""[{{{Parity}}},{"shadow":{"source":"Recorded","graders":[{"type":"exact"}],"margin":0.1}},{"shadow":{"source":"Live","percent":50,"minSeconds":3}}]""");
        // Users come only now: what they ask has chance in its answers, and would be graded as recorded by its very words.
        await slipway.KubectlOkAsync("wait", "modelrollout/equal", "--for=jsonpath={.status.step}=2", "--timeout=240s");
        await using var load = new Load(slipway.Gateway, "tiny-chat", users: 2);
        await slipway.KubectlOkAsync("wait", "modelrollout/equal", "--for=jsonpath={.status.phase}=Promoting", "--timeout=240s");
        await load.StopAsync();
        Assert.Empty(load.Failures);
        var equal = await StatusAsync(slipway, "equal");
        TestContext.Current.TestOutputHelper?.WriteLine(equal.ToJsonString());
        Assert.Equal(["Started", "ParityPassed", "ShadowPassed", "ShadowPassed", "Promoting"], equal["history"]!.AsArray().Select(static h => (string)h!["what"]!));
        Assert.Equal(0, (long)equal["shadow"]![0]!["failures"]!);
        Assert.True((long)equal["shadow"]![1]!["requests"]! > 50, equal.ToJsonString());
    }

    private static async Task AskAsync(Uri gateway, int questions)
    {
        using var client = new HttpClient { BaseAddress = gateway };
        for (var i = 0; i < questions; i++)
        {
            using var response = await client.PostAsJsonAsync("v1/chat/completions", new { model = "tiny-chat", temperature = 0, max_tokens = 40, messages = new[] { new { role = "user", content = $"What is {10 + i % 80} + {3 + i / 80}?" } } }, Token);
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task RolloutAsync(SlipwayProcess slipway, TempDirectory folder, string name, string candidate, string steps)
    {
        var file = folder[$"{name}.json"];
        await File.WriteAllTextAsync(file, $$$"""
            {"apiVersion":"slipway.dev/v1alpha1","kind":"ModelRollout","metadata":{"name":"{{{name}}}","namespace":"default"},
             "spec":{"deploymentRef":{"name":"tiny-chat"},"candidate":{{{candidate}}},"steps":{{{steps}}},"keepStableSeconds":600}}
            """, Token);
        await slipway.KubectlOkAsync("apply", "-f", file);
    }

    private static async Task<JsonNode> StatusAsync(SlipwayProcess slipway, string name) => JsonNode.Parse(await slipway.KubectlOkAsync("get", "modelrollout", name, "-o", "json"))!["status"]!;
}
