using System.Net;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>A server that asks to be left alone is left alone, by all that goes on at the time, and nothing is given up for it.</summary>
public sealed class BusyApiTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    [Fact]
    public async Task Nothing_is_sent_before_the_time_that_the_server_asked_for()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var chaos = new Chaos();
        using var connection = cluster.Connect(chaos, time);
        await using var slipway = await cluster.StartSlipwayAsync(time, new KubeClient(connection));
        var refused = 0;
        chaos.Instead = (_, _) =>
        {
            Interlocked.Increment(ref refused);
            return Task.FromResult<HttpResponseMessage?>(Chaos.Refusal(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.FromSeconds(30)));
        };
        var spec = RuntimeCase.All.First(c => c.Name == "dynamo").Spec;
        var deployments = new List<Deployed>();
        for (var i = 0; i < 12; i++) deployments.Add(await Deployed.ApplyAsync(cluster, spec));
        await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref refused) > 0), "the first refusal");
        // Eight passes at a time may have been on their way before any of them was told.
        await Wait.UntilAsync(() => Task.FromResult(slipway.Deployments.Objects.Count >= 12), "the deployments to be known");
        Assert.InRange(refused, 1, 8);

        chaos.Sent.Clear();
        chaos.Instead = null;
        time.Advance(TimeSpan.FromSeconds(29));
        await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(Operator.Kinds.ModelDeployments, null, CancellationToken.None)).Count >= 12, "what somebody else asks");
        Assert.Empty(chaos.Sent);

        time.Advance(TimeSpan.FromSeconds(2));
        foreach (var deployed in deployments) await deployed.UntilAsync(DeploymentPhase.Running);
    }
}
