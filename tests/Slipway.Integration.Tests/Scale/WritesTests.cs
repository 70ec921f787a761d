using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Integration.Tests.Troubles;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;

namespace Slipway.Integration.Tests.Scale;

/// <summary>What many deployments cost the API: a known number of writes to bring each up, and none at rest.</summary>
public sealed class WritesTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    // A few dozen of each runtime; SLIPWAY_SCALE gives another number.
    private static readonly int s_count = int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_SCALE") ?? "200", CultureInfo.InvariantCulture);

    // Beside the objects that the runtime renders: the finalizer, the status as it is chosen, waits and runs, and the events of choice and end.
    private const double Overhead = 7;

    [Fact]
    public async Task Each_deployment_costs_few_writes_and_none_at_rest()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var chaos = new Chaos();
        using var connection = cluster.Connect(chaos, time);
        await using var slipway = await cluster.StartSlipwayAsync(time, new KubeClient(connection));
        chaos.Written.Clear();
        var cases = RuntimeCase.Driven.ToList();
        var ns = await cluster.NamespaceAsync();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, s_count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) => await new Deployed(cluster, ns, $"m{i}").ApplyAsync(cases[i % cases.Count].Spec));
        await Wait.UntilAsync(() => Task.FromResult(Running(slipway, ns) == s_count), "all to run", () => $"{Running(slipway, ns)} of {s_count}", TimeSpan.FromSeconds(60 + s_count));
        // The last that is written of each: by then the operator's own cache has long said that it runs.
        await Wait.UntilAsync(async () => await ToldReadyAsync(ns) == s_count, "all to be told of", () => "", TimeSpan.FromSeconds(60));
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;

        var written = chaos.Written.Where(w => IsAbout(w, ns)).Select(Short).CountBy(w => w).ToDictionary(StringComparer.Ordinal);
        var report = string.Join('\n', written.OrderByDescending(w => w.Value).Select(w => string.Create(CultureInfo.InvariantCulture, $"{(double)w.Value / s_count,6:0.00} {w.Key}")));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s_count} running after {seconds:0.0} s; writes a deployment:\n{report}"));
        var own = written.Where(w => w.Key.Contains(" modeldeployments", StringComparison.Ordinal) || w.Key.Contains(" events", StringComparison.Ordinal)).Sum(w => w.Value);
        Assert.True(own <= Overhead * s_count, report);
        var objects = written.Where(w => !w.Key.Contains(" modeldeployments", StringComparison.Ordinal) && !w.Key.Contains(" events", StringComparison.Ordinal)).Sum(w => w.Value);
        Assert.True(objects == ObjectsOf(chaos, ns), $"An object was written more than once:\n{report}");

        chaos.Written.Clear();
        for (var minute = 1; minute <= 3; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Wait.UntilAsync(() => Task.FromResult(chaos.Written.Count(IsHeartbeat) >= minute * BareCluster.Runtimes.Count), "the heartbeats");
        }

        // That another deployment is carried all the way shows that there was the time to write more.
        var other = await Deployed.ApplyAsync(cluster, cases[0].Spec);
        await other.UntilAsync(DeploymentPhase.Running);
        Assert.DoesNotContain(chaos.Written, w => IsAbout(w, ns) && !IsHeartbeat(w));
    }

    private async Task<int> ToldReadyAsync(string ns) =>
        (await cluster.Client.ListAsync(Kinds.Events, ns, CancellationToken.None)).Where(e => e.Message!.StartsWith($"{ConditionTypes.Ready}: ", StringComparison.Ordinal) && e.Type == "Normal").DistinctBy(e => e.InvolvedObject!.Name).Count();

    private static int Running(SlipwayOperator slipway, string ns) => slipway.Deployments.Objects.Values.Count(d => d.Metadata.Namespace == ns && d.Status?.Phase is DeploymentPhase.Running);

    private static bool IsHeartbeat(string write) => write.Contains("/inferenceproviderconfigs/", StringComparison.Ordinal);

    // A cluster that a kubeconfig names may have deployments of other tests; what belongs to no namespace is everybody's.
    private static bool IsAbout(string write, string ns) =>
        !write.Contains("/namespaces/", StringComparison.Ordinal) || write.Contains($"/namespaces/{ns}/", StringComparison.Ordinal);

    private static bool IsObject(string write) =>
        !write.Contains("/modeldeployments/", StringComparison.Ordinal) && !write.Contains("/events", StringComparison.Ordinal);

    // How many different objects were written.
    private static int ObjectsOf(Chaos chaos, string ns) => chaos.Written.Where(w => IsAbout(w, ns) && IsObject(w)).Distinct(StringComparer.Ordinal).Count();

    // "PATCH modeldeployments/status" of "PATCH /apis/airunway.ai/v1alpha1/namespaces/a/modeldeployments/b/status".
    private static string Short(string write)
    {
        var parts = write.Split(' ', '/').SkipWhile(p => p != "namespaces").Skip(2).ToList();
        return $"{write.Split(' ')[0]} {(parts.Count == 0 ? write : parts.Count > 2 ? $"{parts[0]}/{parts[2]}" : parts[0])}";
    }
}
