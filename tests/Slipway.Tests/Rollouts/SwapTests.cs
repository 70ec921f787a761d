using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Rollouts;

/// <summary>A candidate that runs in the place of a replica, with real engines.</summary>
[Trait("Speed", "slow")]
[Collection(Alone.Name)]
public sealed class SwapTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worse_candidate_gives_the_place_back_that_it_had_and_a_budget_that_is_used_up_waits_for_somebody()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat", "--replicas", "2")).Succeeded);
        await using var load = new Load(slipway.Gateway, "tiny-chat", users: 2);

        var waits = await slipway.RunAsync("rollout", "start", "tiny-chat", "--name", "worse", "--model", "slipway/tiny-chat-q2", "--suite", "tiny-chat", "--margin", "0.1", "--strategy", "swap", "--budget-requests", "10");
        Assert.True(waits.ExitCode == 8, $"{waits.ExitCode}\n{waits.Output}\n{waits.Errors}");
        Assert.Contains("tiny-chat gives up 1 of 2 replicas to it", waits.Output, StringComparison.Ordinal);
        Assert.Contains("BudgetExhausted", waits.Output, StringComparison.Ordinal);
        Assert.Equal("2 1", await slipway.KubectlOkAsync("get", "md", "tiny-chat", "-o", "jsonpath={.spec.scaling.replicas} {.status.replicas.desired}"));
        Assert.True(int.Parse(await slipway.KubectlOkAsync("get", "modelrollout", "worse", "-o", "jsonpath={.status.budgetUsed.requests}"), System.Globalization.CultureInfo.InvariantCulture) >= 10);

        Assert.True((await slipway.RunAsync("rollout", "abort", "worse")).Succeeded);
        await slipway.KubectlOkAsync("delete", "modelrollout", "worse", "--timeout=60s");
        await slipway.KubectlOkAsync("wait", "modeldeployment/tiny-chat", "--for=jsonpath={.status.replicas.ready}=2", "--timeout=60s");
        Assert.DoesNotContain("tiny-chat-", await slipway.KubectlOkAsync("get", "md", "-o", "name"), StringComparison.Ordinal);
        await load.StopAsync();
        Assert.True(load.Failures.Count == 0, string.Join('\n', load.Failures.Take(8)));

        // One after the other in the same place, where there is no room for two.
        var turned = await slipway.RunAsync("rollout", "start", "tiny-chat", "--name", "gap", "--model", "slipway/tiny-chat-q2", "--suite", "tiny-chat", "--margin", "0.1", "--strategy", "shadowoffline", "--allow-downtime");
        Assert.True(turned.ExitCode == 7, $"{turned.ExitCode}\n{turned.Output}\n{turned.Errors}");
        Assert.Contains("makes way for the candidate; users get 503 until there is a verdict", turned.Output, StringComparison.Ordinal);
        Assert.Contains("GateFailed", turned.Output, StringComparison.Ordinal);
        await slipway.KubectlOkAsync("wait", "modeldeployment/tiny-chat", "--for=jsonpath={.status.replicas.ready}=2", "--timeout=60s");
    }
}
