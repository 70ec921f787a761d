using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Api.Rollouts;
using Slipway.Commands.Evaluating;
using Slipway.Operator.Rollouts;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Rollouts;

/// <summary>The process is killed in the middle of what comes before users are asked, and while replicas change hands: nothing that was decided is lost, and nothing is counted twice.</summary>
[Trait("Speed", "slow")]
[Collection(Alone.Name)]
public sealed partial class KilledStepsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_swap_killed_while_it_compares_asks_again_shifts_and_swaps_takes_the_place_and_counts_each_request_once()
    {
        using var folder = new TempDirectory();
        var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        try
        {
            Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat", "--replicas", "3")).Succeeded);
            await slipway.KubectlOkAsync("annotate", "namespace", "default", "slipway.dev/record=100%");
            await AskAsync(slipway.Gateway, 100);
            await BeginAsync(slipway, folder, """
                {"deploymentRef":{"name":"tiny-chat"},"candidate":{"engine":{"args":{"ubatch-size":"256"}}},"capacity":{"strategy":"Swap"},"mostErrors":0.2,"keepStableSeconds":2,"steps":[
                  {"parity":{"suiteRef":{"name":"tiny-chat"},"leastAgreement":0.9,"sample":30,"concurrency":1}},
                  {"shadow":{"source":"Recorded","graders":[{"type":"exact"}],"margin":0.2,"concurrency":1}},
                  {"canary":{"weight":50,"minSeconds":1}}]}
                """);
            slipway = await KilledAsync(slipway, folder, "given up", static s => (int?)s["capacity"]?["stableReplicas"] == 2);
            slipway = await KilledAsync(slipway, folder, "compared", static s => (long?)s["parity"]?[0]?["asked"] > 0);
            slipway = await KilledAsync(slipway, folder, "asked again", static s => (long?)s["shadow"]?[0]?["asked"] > 0);
            slipway = await KilledAsync(slipway, folder, "shifted", static s => (int?)s["candidateWeight"] == 50);
            await slipway.KubectlOkAsync("wait", "modeldeployments", "--all", "--for=condition=Ready", "--timeout=90s");
            await using (var load = new Load(slipway.Gateway, "tiny-chat", users: 2))
            {
                await SeenRollout.StatusAsync(slipway, "r", static s => SeenRollout.History(s).Contains("CanaryPassed"), "passed");
                await load.StopAsync();
                Assert.Empty(load.Failures);
            }

            slipway = await KilledAsync(slipway, folder, "swapped", static s => SeenRollout.History(s).Contains("Swapped"));
            slipway = await KilledAsync(slipway, folder, "promoting", static s => (string?)s["phase"] is "Promoting" or "Promoted");
            var rollout = await SeenRollout.GetAsync(slipway, "r", static s => (string?)s["phase"] == "Promoted", "promoted");
            Assert.Equal(["Started", "ParityPassed", "ShadowPassed", "Shifted", "CanaryPassed", "Swapped", "Promoting", "Promoted"], rollout.Status!.History!.Select(static h => h.What));
            var (parity, shadow) = (rollout.Status.Parity![0], rollout.Status.Shadow![0]);
            Assert.Equal((30, 0), (parity.Asked, parity.Missing));
            Assert.Equal((shadow.Asked, 0, 0), (shadow.Requests + shadow.Missing, shadow.Failures, shadow.Missing));
            var pairs = await CountedAsync(slipway, rollout, rollout.Status.Gates!.Single());
            // Each question of a pair names its recording.
            Assert.Equal(pairs.Count, pairs.Select(static p => p.Question).Distinct().Count());
            await slipway.KubectlOkAsync("wait", $"modeldeployment/{rollout.Status.CandidateName}", "--for=jsonpath={.status.replicas.ready}=3", "--timeout=60s");
            await AnswersAsync(slipway);
        }
        finally
        {
            await slipway.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_worse_candidate_in_the_place_of_the_model_killed_at_any_moment_gives_it_back_and_nothing_is_asked_of_the_model_twice()
    {
        using var folder = new TempDirectory();
        var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        try
        {
            Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
            await BeginAsync(slipway, folder, """
                {"deploymentRef":{"name":"tiny-chat"},"candidate":{"model":{"id":"slipway/tiny-chat-q2"}},"capacity":{"strategy":"ShadowOffline","allowDowntime":true},"steps":[{"gates":["g"]}]}
                """);
            slipway = await KilledAsync(slipway, folder, "gathering", static s => Gathered().IsMatch((string?)s["message"] ?? "") || SeenRollout.History(s).Contains("Gathered"));
            slipway = await KilledAsync(slipway, folder, "made way", static s => SeenRollout.History(s).Contains("Gathered"));
            slipway = await KilledAsync(slipway, folder, "asked", static s => (long?)s["gates"]?[0]?["asked"] > 0);
            slipway = await KilledAsync(slipway, folder, "turned down", static s => (string?)s["phase"] is "RollingBack" or "RolledBack");
            var rollout = await SeenRollout.GetAsync(slipway, "r", static s => (string?)s["phase"] == "RolledBack", "rolled back");
            Assert.Equal(["Started", "Gathered", "GateFailed", "Aborted"], rollout.Status!.History!.Select(static h => h.What));
            Assert.Equal(0, rollout.Status.CandidateWeight);
            var gate = rollout.Status.Gates!.Single();
            Assert.Equal(40, (await CountedAsync(slipway, rollout, gate)).Count);
            var kept = await File.ReadAllLinesAsync(Path.Combine(slipway.Data, "evidence", "default.r.g.gathered.jsonl"), Token);
            Assert.Equal(40, kept.Skip(1).Select(static l => (string)JsonNode.Parse(l)!["prompt"]!).Distinct().Count());
            Assert.Equal(41, kept.Length);
            await slipway.KubectlOkAsync("wait", "modeldeployment/tiny-chat", "--for=jsonpath={.status.replicas.ready}=1", "--timeout=60s");
            await AnswersAsync(slipway);
        }
        finally
        {
            await slipway.DisposeAsync();
        }
    }

    // What was decided before is decided after, and no share of the traffic is larger than a decision says.
    private static async Task<SlipwayProcess> KilledAsync(SlipwayProcess slipway, TempDirectory folder, string what, Func<JsonNode, bool> when)
    {
        var before = await SeenRollout.StatusAsync(slipway, "r", when, what);
        slipway.Kill();
        await slipway.DisposeAsync();
        var next = await SlipwayProcess.UpAsync(folder["x"], Token);
        var after = await SeenRollout.StatusAsync(next, "r", static s => s["phase"] is not null, what);
        Assert.Equal(SeenRollout.History(before), SeenRollout.History(after).Take(SeenRollout.History(before).Count()));
        Assert.True((int)after["candidateWeight"]! == 0 || SeenRollout.History(after).Contains("Shifted"), $"{what}: {after.ToJsonString()}");
        return next;
    }

    // What is kept of pairs is what is counted, unit by unit, and comes to the same evidence.
    private static async Task<IReadOnlyList<GradedPair>> CountedAsync(SlipwayProcess slipway, ModelRollout rollout, GateStatus gate)
    {
        var pairs = await EvidenceReader.ReadAsync(Path.Combine(slipway.Data, "evidence"), rollout, gate, Token);
        Assert.Equal(Enumerable.Range(0, (int)gate.Asked).Select(static u => (long)u), pairs.Select(static p => p.Unit));
        Assert.Equal(gate.Asked, gate.Better + gate.Same + gate.Worse + gate.Missing);
        Assert.Equal((gate.PassEvidence, gate.FailEvidence), EvidenceReader.Course(gate, pairs)[^1] is var last ? (last.Pass, last.Fail) : default);
        return pairs;
    }

    private static async Task AnswersAsync(SlipwayProcess slipway) => await Eventually.TrueAsync(
        async () =>
        {
            var chat = await slipway.RunAsync("chat", "tiny-chat", "-t", "0", "What is 17 + 25?");
            return (chat.Output.Trim() == "42", $"{chat.Output}\n{chat.Errors}");
        },
        TimeSpan.FromSeconds(60));

    private static async Task AskAsync(Uri gateway, int questions)
    {
        using var client = new HttpClient { BaseAddress = gateway };
        await Parallel.ForEachAsync(Enumerable.Range(0, questions), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (i, token) =>
        {
            using var response = await client.PostAsJsonAsync("v1/chat/completions", new { model = "tiny-chat", temperature = 0, max_tokens = 40, messages = new[] { new { role = "user", content = $"What is {10 + i % 80} + {3 + i / 80}?" } } }, token);
            response.EnsureSuccessStatusCode();
        });
    }

    private static async Task BeginAsync(SlipwayProcess slipway, TempDirectory folder, string spec)
    {
        await File.WriteAllTextAsync(folder["suite.json"], SuiteFiles.ReadWhole("tiny-chat").Manifest!.ToJsonString(), Token);
        // One at a time, and decided at the end alone, so that there is a middle to be killed in.
        await File.WriteAllTextAsync(folder["gate.json"], """
            {"apiVersion":"slipway.dev/v1alpha1","kind":"QualityGate","metadata":{"name":"g","namespace":"default"},"spec":{"suiteRef":{"name":"tiny-chat"},"margin":0.1,"method":"Fixed","sample":40,"concurrency":1,"allowUnderpowered":true}}
            """, Token);
        await File.WriteAllTextAsync(folder["rollout.json"], $$$"""{"apiVersion":"slipway.dev/v1alpha1","kind":"ModelRollout","metadata":{"name":"r","namespace":"default"},"spec":{{{spec}}}}""", Token);
        foreach (var file in (string[])["suite.json", "gate.json", "rollout.json"]) await slipway.KubectlOkAsync("apply", "--server-side", "-f", folder[file]);
    }

    [GeneratedRegex("answers the gates' prompts before it makes way: [1-9]")]
    private static partial Regex Gathered();
}
