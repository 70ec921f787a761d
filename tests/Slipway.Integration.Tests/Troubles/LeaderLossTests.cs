using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Objects;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>Two Slipways over one API, of which the first loses its lease between two writes of one deployment.</summary>
public sealed class LeaderLossTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static readonly NamespacedName s_lease = new("default", "slipway-leader-loss");

    [Theory]
    [InlineData("refused")]
    [InlineData("not answered")]
    public async Task The_first_stops_before_its_lease_runs_out_and_the_second_makes_nothing_twice(string renewals)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var (first, second) = (new Chaos(), new Chaos());
        using var firstConnection = cluster.Connect(first, time);
        using var secondConnection = cluster.Connect(second, time);
        var (firstLease, secondLease) = (Elector(firstConnection, "first", time), Elector(secondConnection, "second", time));
        await firstLease.AcquireAsync(CancellationToken.None);
        var slipway = await cluster.StartSlipwayAsync(time, new KubeClient(firstConnection));
        var waiting = secondLease.AcquireAsync(CancellationToken.None);

        // Its second object of one deployment finds the server slow, and from then on its renewals fail.
        var held = new TaskCompletionSource();
        first.Instead = async (request, token) =>
        {
            var path = request.RequestUri!.AbsolutePath;
            if (path.Contains("/leases/", StringComparison.Ordinal) && held.Task.IsCompleted)
            {
                if (renewals == "refused") return Chaos.Refusal(HttpStatusCode.InternalServerError, "InternalError");
                await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            }

            if (!Chaos.IsWrite(request) || !path.Contains("/deployments/", StringComparison.Ordinal) || !first.Written.Any(w => w.Contains("/deployments/", StringComparison.Ordinal))) return null;
            held.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            return null;
        };
        var deployed = await Deployed.ApplyAsync(cluster, RuntimeCase.All.Single(c => c.Name == "llmd").Spec);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        var began = time.GetUtcNow();
        await Wait.UntilAsync(() => AfterAsync(time, firstLease.Lost.IsCancellationRequested), "the first to lose its lease");
        Assert.InRange((time.GetUtcNow() - began).TotalSeconds, 8, 15);
        Assert.False(waiting.IsCompleted, "The second works before the first has stopped.");
        await slipway.DisposeAsync();
        await firstLease.DisposeAsync();
        var written = first.Sent.Count;
        var made = (await cluster.Client.ListAsync(ApiKinds.Deployments, deployed.Key.Namespace, CancellationToken.None)).Select(d => d.Identity.Uid).ToList();
        Assert.Single(made);

        await Wait.UntilAsync(() => AfterAsync(time, waiting.IsCompleted), "the second to take over");
        await using var next = await cluster.StartSlipwayAsync(time, new KubeClient(secondConnection));
        await deployed.UntilAsync(DeploymentPhase.Running);
        var now = (await cluster.Client.ListAsync(ApiKinds.Deployments, deployed.Key.Namespace, CancellationToken.None)).Select(d => d.Identity.Uid).ToList();
        Assert.Equal(2, now.Count);
        Assert.Contains(made[0], now);
        Assert.Equal(written, first.Sent.Count);
        await secondLease.DisposeAsync();
    }

    private static LeaderElector Elector(KubeConnection connection, string identity, TimeProvider time) =>
        new(new KubeClient(connection), s_lease, identity, time, NullLogger<LeaderElector>.Instance);

    private static Task<bool> AfterAsync(FakeTimeProvider time, bool holds)
    {
        if (!holds) time.Advance(TimeSpan.FromMilliseconds(200));
        return Task.FromResult(holds);
    }
}
