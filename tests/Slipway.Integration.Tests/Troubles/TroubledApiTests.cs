using System.Net;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>Whatever the way to the API does: nothing is made twice, nothing is lost, all is Running in the end, and then it is quiet.</summary>
public sealed class TroubledApiTests(BareCluster cluster) : IClassFixture<BareCluster>
{
    private static readonly Dictionary<string, Func<Chaos, Task>> s_troubles = new(StringComparer.Ordinal)
    {
        ["watches break"] = chaos => EachAsync(chaos, w => Done(w.Break)),
        ["watches end in the middle of a line"] = chaos => EachAsync(chaos, async w =>
        {
            await w.SayAsync("""{"type":"MODIFIED","object":{"metadata":{"na""");
            w.Break();
        }),
        ["a line of a watch is cut short"] = chaos => EachAsync(chaos, w => w.SayAsync("""{"type":"MODIFIED","object":{"metadata":{"na""" + "\n")),
        ["a bookmark says nothing"] = chaos => EachAsync(chaos, w => w.SayAsync("""{"type":"BOOKMARK","object":{}}""" + "\n")),
        ["watches are too old"] = chaos =>
        {
            Burst(chaos, 10, Chaos.IsWatch, () => Chaos.Refusal(HttpStatusCode.Gone, "Expired"));
            return EachAsync(chaos, w => w.SayAsync("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}""" + "\n"));
        },
        ["watches say all again, late"] = chaos => EachAsync(chaos, w => w.RepeatAsync()),
        ["watches say nothing but bookmarks for a while"] = async chaos =>
        {
            var left = 40;
            chaos.Lines = line => line.Contains("\"BOOKMARK\"", StringComparison.Ordinal) && !line.Contains("initial-events-end", StringComparison.Ordinal) ? line
                : Interlocked.Decrement(ref left) > 0 ? null : line;
            await EachAsync(chaos, w => Done(w.Break));
            await Wait.UntilAsync(() => Task.FromResult(Volatile.Read(ref left) <= 0), "the watches to have kept quiet");
            chaos.Lines = null;
            await EachAsync(chaos, w => Done(w.Break));
        },
        ["writes conflict"] = chaos => Done(() => Burst(chaos, 60, Chaos.IsWrite, () => Chaos.Refusal(HttpStatusCode.Conflict, "Conflict"))),
        ["the server is broken"] = chaos =>
        {
            Burst(chaos, 60, _ => true, () => Chaos.Refusal(HttpStatusCode.InternalServerError, "InternalError"));
            return EachAsync(chaos, w => Done(w.Break));
        },
        ["nobody listens"] = chaos =>
        {
            Burst(chaos, 60, _ => true, () => throw new HttpRequestException(HttpRequestError.ConnectionError, "made up: Connection refused"));
            return EachAsync(chaos, w => Done(w.Break));
        },
        ["the server is busy"] = chaos => Done(() => Burst(chaos, 60, _ => true, () => Chaos.Refusal(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.FromSeconds(2)))),
        ["what was written is not answered"] = chaos =>
        {
            var left = 60;
            chaos.Afterwards = request =>
            {
                if (Chaos.IsWrite(request) && Interlocked.Decrement(ref left) >= 0) throw new HttpIOException(HttpRequestError.ResponseEnded, "made up: the answer is lost");
            };
            return Task.CompletedTask;
        },
    };

    public static TheoryData<string> Troubles => [.. s_troubles.Keys];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task It_comes_through(string trouble)
    {
        await using var ticking = new Ticking();
        var chaos = new Chaos();
        using var connection = cluster.Connect(chaos, ticking.Time);
        await using var slipway = await cluster.StartSlipwayAsync(ticking.Time, new KubeClient(connection));
        var changing = await Deployed.ApplyAsync(cluster, Case("dynamo").Spec);
        var going = await Deployed.ApplyAsync(cluster, Case("kaito").Spec);
        await changing.UntilAsync(DeploymentPhase.Running);
        await going.UntilAsync(DeploymentPhase.Running);
        var before = (await changing.ObjectAsync(ApiKinds.DynamoGraphs))!.Identity;

        await s_troubles[trouble](chaos);
        var coming = await Deployed.ApplyAsync(cluster, Case("llmd").Spec);
        var changed = Case("dynamo").Spec.DeepClone().AsObject();
        changed["engine"]!["args"] = new JsonObject { ["max-num-seqs"] = "17" };
        await changing.ApplyAsync(changed);
        await going.DeleteAsync();
        await s_troubles[trouble](chaos);

        await going.GoneAsync();
        await coming.UntilAsync(DeploymentPhase.Running);
        await changing.UntilAsync(DeploymentPhase.Running);
        var after = (await changing.ObjectAsync(ApiKinds.DynamoGraphs))!;
        Assert.Equal(before.Uid, after.Identity.Uid);
        Assert.Contains("17", after.Json.GetProperty("spec").GetRawText(), StringComparison.Ordinal);
        // A watch that says again what was before its end may have it made again, for an owner that is no more: the garbage collector's to take.
        await Wait.UntilAsync(async () => (await cluster.Client.ListAsync(ApiKinds.Workspaces, going.Key.Namespace, CancellationToken.None)).Count == 0, "nothing to be left of what went");
        Assert.Equal(2, (await cluster.Client.ListAsync(ApiKinds.Deployments, coming.Key.Namespace, CancellationToken.None)).Count);
        await ToldOnceAsync(coming);
        await ToldOnceAsync(changing);

        // That another deployment is carried all the way shows that there was the time to write more.
        (chaos.Instead, chaos.Afterwards) = (null, null);
        // What was under way when the trouble ended may still be told of; then it rests.
        List<string> written;
        var looks = 0;
        do
        {
            chaos.Written.Clear();
            await SomethingElseRunsAsync();
            written = [.. chaos.Written.Where(w => w.Contains(coming.Key.Namespace, StringComparison.Ordinal) || w.Contains(changing.Key.Namespace, StringComparison.Ordinal))];
        }
        while (written.Count > 0 && ++looks < 5);
        Assert.Empty(written);
        await coming.DeleteAsync();
        await changing.DeleteAsync();
        await coming.GoneAsync();
        await changing.GoneAsync();
    }

    private async Task SomethingElseRunsAsync()
    {
        var other = await Deployed.ApplyAsync(cluster, Case("kaito").Spec);
        await other.UntilAsync(DeploymentPhase.Running);
        await other.DeleteAsync();
        await other.GoneAsync();
    }

    private async Task ToldOnceAsync(Deployed deployed)
    {
        var events = await cluster.Client.ListAsync(Kinds.Events, deployed.Key.Namespace, CancellationToken.None);
        Assert.Equal(events.Count, events.DistinctBy(e => (e.InvolvedObject?.Name, e.Reason, e.Message)).Count());
    }

    private static void Burst(Chaos chaos, int count, Func<HttpRequestMessage, bool> which, Func<HttpResponseMessage> answer)
    {
        var left = count;
        chaos.Instead = (request, _) => Task.FromResult(which(request) && Interlocked.Decrement(ref left) >= 0 ? answer() : null);
    }

    private static Task EachAsync(Chaos chaos, Func<WatchTap, Task> trouble) => Task.WhenAll(chaos.Watches.Select(trouble));

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static RuntimeCase Case(string name) => RuntimeCase.All.Single(c => c.Name == name);
}
