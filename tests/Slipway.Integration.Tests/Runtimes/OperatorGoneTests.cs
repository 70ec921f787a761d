using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>A deployment is deleted while the operator of its runtime is not running, so that nobody takes that operator's finalizers away.</summary>
public sealed class OperatorGoneTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    public static TheoryData<string> Names => [.. RuntimeCase.Driven.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_waited_for_five_minutes_and_then_no_longer(string name)
    {
        var test = RuntimeCase.All.Single(c => c.Name == name);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slipway = await cluster.StartSlipwayAsync(time);
        var deployed = await Deployed.ApplyAsync(cluster, test.Spec);
        await deployed.UntilAsync(DeploymentPhase.Running);
        if (test.HasFinalizer) await Wait.UntilAsync(async () => Finalizers((await deployed.ObjectAsync(test.Main))!).Count == 1, "the operator's finalizer");
        deployed.Take(Stage.OperatorGone);
        await deployed.DeleteAsync();

        if (test.HasFinalizer)
        {
            await deployed.UntilAsync(DeploymentPhase.Terminating);
            time.Advance(TimeSpan.FromMinutes(4));
            await SomethingElseRunsAsync(test);
            Assert.NotNull(await cluster.Client.GetAsync(Kinds.ModelDeployments, deployed.Key, CancellationToken.None));
            time.Advance(TimeSpan.FromMinutes(1.1));
        }

        // An operator without a finalizer is missed by nobody.
        await deployed.GoneAsync();
        var told = (await cluster.Client.ListAsync(Kinds.Events, deployed.Key.Namespace, CancellationToken.None)).Where(e => e.Reason == "FinalizerTimeout").ToList();
        Assert.Equal(test.HasFinalizer ? 1 : 0, told.Count);
        if (!test.HasFinalizer) return;
        Assert.Equal("Warning", told[0].Type);
        Assert.Contains($"{test.Main.Kind} {deployed.Main.Name}", told[0].Message, StringComparison.Ordinal);

        // What is left waits for its operator alone, and goes once that is back.
        var left = (await deployed.ObjectAsync(test.Main))!;
        Assert.True(left.IsDeleting);
        Assert.All(Finalizers(left), f => Assert.DoesNotContain("slipway", f, StringComparison.Ordinal));
        deployed.Take(Stage.Ready);
        await Wait.UntilAsync(async () => await deployed.ObjectAsync(test.Main) is null, "the object to go with its operator back");
        foreach (var kind in (Resource<CachedObject>[])[ApiKinds.Pods, ApiKinds.Services, .. RuntimeCase.All.Select(c => c.Main).Distinct()])
            await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(kind, deployed.Key.Namespace, CancellationToken.None)).Count == 0, $"no {kind.Plural} to be left");
    }

    // That another deployment was carried all the way shows that the controllers had the time to give up.
    private async Task SomethingElseRunsAsync(RuntimeCase test)
    {
        var other = await Deployed.ApplyAsync(cluster, test.Spec);
        await other.UntilAsync(DeploymentPhase.Running);
        await other.DeleteAsync();
        await other.GoneAsync();
    }

    private static List<string> Finalizers(CachedObject value) =>
        value.Json.GetProperty("metadata").TryGetProperty("finalizers", out var f) && f.ValueKind == JsonValueKind.Array ? [.. f.EnumerateArray().Select(x => x.GetString()!)] : [];
}
