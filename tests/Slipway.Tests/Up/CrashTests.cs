using System.Net;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

/// <summary>Processes that are killed.</summary>
[Trait("Speed", "slow")]
public sealed class CrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slipway_killed_during_writes_loses_nothing_that_was_acknowledged_and_no_engine_is_orphaned()
    {
        using var folder = new TempDirectory();
        var acknowledged = new List<string>();
        await using (var first = await SlipwayProcess.UpAsync(folder["x"], Token))
        {
            Assert.True((await first.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);
            var writes = Task.Run(
                async () =>
                {
                    for (var i = 0; ; i++)
                    {
                        var name = $"written-{i}";
                        if (!(await first.KubectlAsync("create", "configmap", name, $"--from-literal=n={i}")).Succeeded) return;
                        lock (acknowledged) acknowledged.Add(name);
                    }
                },
                Token);
            await Eventually.TrueAsync(
                () =>
                {
                    lock (acknowledged) return Task.FromResult((acknowledged.Count >= 10, $"{acknowledged.Count} writes"));
                },
                TimeSpan.FromSeconds(60));
            first.Kill();
            await writes;
            await Eventually.TrueAsync(() => Task.FromResult((Processes.Engines(folder.Path).Count == 0, "an engine lives on")), TimeSpan.FromSeconds(10));
        }

        await using var second = await SlipwayProcess.UpAsync(folder["x"], Token);
        var there = await second.KubectlOkAsync("get", "configmaps", "-o", "name");
        Assert.All(acknowledged, name => Assert.Contains($"configmap/{name}\n", there, StringComparison.Ordinal));
        await Eventually.TrueAsync(
            async () => ((await Ask.StatusAsync(second.Gateway, "tiny-chat")).Status is HttpStatusCode.OK, "no answer"), TimeSpan.FromSeconds(60));
        Assert.Equal("True", (await second.KubectlOkAsync("get", "md", "tiny-chat", "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}")).Trim());
    }

    [Fact]
    public async Task An_engine_killed_turns_Ready_false_with_the_reason_then_true_and_requests_get_503()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);

        Processes.Kill(Assert.Single(Processes.Engines(folder.Path)));
        await slipway.KubectlOkAsync("wait", "--for=condition=Ready=false", "modeldeployment/tiny-chat", "--timeout=10s");
        var (status, body) = await Ask.StatusAsync(slipway.Gateway, "tiny-chat");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("cannot answer now", (string)body!["error"]!["message"]!, StringComparison.Ordinal);

        await slipway.KubectlOkAsync("wait", "--for=condition=Ready", "modeldeployment/tiny-chat", "--timeout=30s");
        Assert.Equal("42", (await Ask.WholeAsync(slipway.Gateway, "tiny-chat", Ask.Sum))?.Trim());
        var events = await slipway.KubectlOkAsync("get", "events", "-o", "jsonpath={.items[*].reason}");
        Assert.Contains("EngineCrashed", events, StringComparison.Ordinal);
    }
}
