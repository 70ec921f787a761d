using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Rollouts;

/// <summary>Rollouts of the bundled model with real engines: what is as good takes the place, what is worse is turned down by itself.</summary>
[Trait("Speed", "slow")]
[Collection(Alone.Name)]
public sealed class RolloutTests
{
    private static readonly string[] s_same = ["--suite", "tiny-chat", "--margin", "0.1"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_equal_copy_takes_the_place_and_each_worse_one_is_turned_down_while_no_user_loses_an_answer()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
        await using var load = new Load(slipway.Gateway, "tiny-chat", users: 2);

        (string Name, string[] What)[] worse =
        [
            ("early", ["--model", "slipway/tiny-chat-early"]),
            ("q2", ["--model", "slipway/tiny-chat-q2"]),
            ("template", ["--arg", "chat-template=chatml"]),
            // llama.cpp's other samplers take the edge off a temperature of 2: this model loses 2 points by it. Without them it babbles.
            ("hot", ["--arg", "temp=2", "--arg", "top-k=0", "--arg", "top-p=1.0", "--arg", "min-p=0"]),
        ];
        foreach (var (name, what) in worse)
        {
            var rolled = await slipway.RunAsync(["rollout", "start", "tiny-chat", "--name", name, .. what, .. s_same, "--canary", "50"]);
            Assert.True(rolled.ExitCode == 7, $"{name}: {rolled.ExitCode}\n{rolled.Output}\n{rolled.Errors}");
            Assert.Contains("GateFailed", rolled.Output, StringComparison.Ordinal);
            Assert.Equal("0", (await slipway.KubectlOkAsync("get", "modelrollout", name, "-o", "jsonpath={.status.candidateWeight}")).Trim());
            // Whoever begins another does not have to wait for the candidate to be looked at.
            await slipway.KubectlOkAsync("delete", "modelrollout", name, "--timeout=60s");
        }

        Assert.DoesNotContain("tiny-chat-", await slipway.KubectlOkAsync("get", "md", "-o", "name"), StringComparison.Ordinal);

        var equal = await slipway.RunAsync(["rollout", "start", "tiny-chat", "--name", "equal", "--arg", "ubatch-size=256", .. s_same, "--canary", "40,80", "--keep-stable", "3"]);
        Assert.True(equal.ExitCode == 0, $"{equal.ExitCode}\n{equal.Output}\n{equal.Errors}");
        await slipway.KubectlOkAsync("wait", "modelrollout/equal", "--for=jsonpath={.status.phase}=Promoted", "--timeout=60s");
        var taken = (await slipway.KubectlOkAsync("get", "modelrollout", "equal", "-o", "jsonpath={.status.candidateName}")).Trim();
        Assert.Equal(taken, (await slipway.KubectlOkAsync("get", "md", "tiny-chat", "-o", "jsonpath={.metadata.annotations.slipway\\.dev/replaced-by}")).Trim());
        await Eventually.TrueAsync(
            async () =>
            {
                var chat = await slipway.RunAsync("chat", "tiny-chat", "-t", "0", "What is 17 + 25?");
                return (chat.Output.Trim() == "42", $"{chat.Output}\n{chat.Errors}");
            },
            TimeSpan.FromSeconds(60));

        // Every pair can be read side by side.
        var pairs = File.ReadAllLines(Path.Combine(slipway.Data, "evidence", "default.equal.equal.jsonl")).Select(static l => JsonNode.Parse(l)!).ToList();
        var asked = int.Parse(await slipway.KubectlOkAsync("get", "modelrollout", "equal", "-o", "jsonpath={.status.gates[0].asked}"), CultureInfo.InvariantCulture);
        Assert.Equal(Enumerable.Range(0, asked), pairs.Select(static p => (int)p["unit"]!).Distinct().Order());

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.True(load.Answers > 200, $"only {load.Answers} answers");
    }

    [Fact]
    public async Task Slipway_killed_at_any_step_goes_on_or_back_and_counts_no_pair_twice()
    {
        using var folder = new TempDirectory();
        var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        try
        {
            Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
            Assert.True((await slipway.RunAsync(["rollout", "start", "tiny-chat", "--name", "r", "--arg", "ubatch-size=256", .. s_same, "--approve", "--canary", "50", "--keep-stable", "2", "--no-wait"])).Succeeded);

            // In the middle of bringing up, of asking, of a pause, of a share of the traffic, of handing over.
            foreach (var (when, path) in ((string, Func<JsonNode, bool>)[])
            [
                ("made", static s => s["candidateName"] is not null),
                ("asked", static s => (int?)s["gates"]?[0]?["asked"] >= 10),
                ("paused", static s => (string?)s["phase"] == "Paused"),
                ("shifted", static s => (int?)s["candidateWeight"] == 50),
                ("promoting", static s => (string?)s["phase"] is "Promoting" or "Promoted"),
            ])
            {
                var before = await StatusAsync(slipway, path, when);
                slipway.Kill();
                await slipway.DisposeAsync();
                slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
                var after = await StatusAsync(slipway, static s => s["phase"] is not null, when);
                // Nothing that was decided is lost, and no share of the traffic is larger than a decision says.
                Assert.Equal(History(before), History(after).Take(History(before).Count()));
                Assert.True((int)after["candidateWeight"]! == 0 || History(after).Any(static h => h is "Shifted" or "Promoting"), after.ToJsonString());
                if (when == "paused") Assert.True((await slipway.RunAsync("rollout", "approve", "r")).Succeeded);
                if (when == "shifted") await AskUntilPromotingAsync(slipway);
            }

            var end = await StatusAsync(slipway, static s => (string?)s["phase"] == "Promoted", "promoted");
            Assert.Equal(["Started", "GatePassed", "Approved", "Shifted", "CanaryPassed", "Promoting", "Promoted"], History(end));
            var gate = end["gates"]![0]!;
            Assert.Equal((long)gate["asked"]!, (long)gate["better"]! + (long)gate["same"]! + (long)gate["worse"]! + (long)gate["missing"]!);
            Assert.Equal((long)gate["asked"]!, (long)gate["prompts"]!);
        }
        finally
        {
            await slipway.DisposeAsync();
        }
    }

    private static async Task AskUntilPromotingAsync(SlipwayProcess slipway)
    {
        // The engines were killed too; users come back once there is somebody to ask.
        await slipway.KubectlOkAsync("wait", "modeldeployments", "--all", "--for=condition=Ready", "--timeout=90s");
        await using var load = new Load(slipway.Gateway, "tiny-chat", users: 2);
        await StatusAsync(slipway, static s => (string?)s["phase"] is "Promoting" or "Promoted", "promoting");
        await load.StopAsync();
        Assert.Empty(load.Failures);
    }

    private static IEnumerable<string> History(JsonNode status) => SeenRollout.History(status);

    private static Task<JsonNode> StatusAsync(SlipwayProcess slipway, Func<JsonNode, bool> until, string what) => SeenRollout.StatusAsync(slipway, "r", until, what);
}

/// <summary>Tests with several engines and users at a time run beside no others of this project.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
