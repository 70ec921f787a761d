using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes.Pods;
using Slipway.Testing;
using Slipway.Up.Page;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Tests.Up.Page;

/// <summary>Pods' logs as a kubelet sends them through the API: in parts, for as long as somebody follows, or not at all.</summary>
public sealed class ClusterLogsTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private readonly Dictionary<string, Func<HttpContext, Task>> _pods = [];
    private readonly List<string> _asked = [];
    private WebApplication _api = null!;
    private KubeConnection _connection = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        _api = builder.Build();
        _api.MapGet("/api/v1/namespaces/{space}/pods/{pod}/log", (string space, string pod, HttpContext context) =>
        {
            lock (_asked) _asked.Add(context.Request.QueryString.Value!);
            return _pods[pod](context);
        });
        await _api.StartAsync(Token);
        var kubeconfig = $$"""
            apiVersion: v1
            kind: Config
            current-context: a
            clusters: [{name: a, cluster: {server: "{{_api.Urls.Single()}}"} }]
            users: [{name: a, user: {token: x} }]
            contexts: [{name: a, context: {cluster: a, user: a} }]
            """;
        _connection = KubeConnection.FromKubeconfig(_folder.Write("kubeconfig", Encoding.UTF8.GetBytes(kubeconfig)));
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lines_come_as_pods_write_them_until_nobody_looks()
    {
        var (more, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        _pods["b"] = static c => SayAsync(c, "of b\n");
        _pods["a"] = async c =>
        {
            await SayAsync(c, "first\r\nsec");
            await more.Task;
            await SayAsync(c, "ond ✓\n");
            c.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        };
        using var looks = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var lines = Lines(Follow("a", "b"), looks.Token).GetAsyncEnumerator(looks.Token);
        LogLine[] first = [await NextAsync(lines), await NextAsync(lines)];
        Assert.Equal([new LogLine(0, "first"), new LogLine(1, "of b")], first.OrderBy(static l => l.Replica));
        more.SetResult();
        Assert.Equal(new LogLine(0, "second ✓"), await NextAsync(lines));
        await looks.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await lines.MoveNextAsync());
        await gone.Task.WaitAsync(Token);
        Assert.All(_asked, static q => Assert.Equal("?follow=true&tailLines=100&container=engine", q));
    }

    [Fact]
    public async Task One_that_cannot_be_read_says_so_beside_the_others()
    {
        _pods["a"] = static c => RefuseAsync(c, 403, "pods \"a\" is forbidden");
        _pods["b"] = static c => SayAsync(c, "fine\nno end");
        var lines = await Lines(Follow("a", "b"), Token).ToListAsync(Token);
        Assert.Equal([new LogLine(0, "[no more of this log: a: pods \"a\" is forbidden]"), new LogLine(1, "fine"), new LogLine(1, "no end")], lines.OrderBy(static l => l.Replica));
    }

    [Fact]
    public async Task Where_none_can_be_read_that_is_the_answer()
    {
        _pods["a"] = static c => RefuseAsync(c, 400, "container \"engine\" in pod \"a\" is waiting to start: ContainerCreating");
        var refused = await Assert.ThrowsAsync<IOException>(async () => await Lines(Follow("a"), Token).ToListAsync(Token));
        Assert.Equal("a: container \"engine\" in pod \"a\" is waiting to start: ContainerCreating", refused.Message);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_log_that_cannot_be_read()
    {
        var seen = new TaskCompletionSource();
        _pods["a"] = async c =>
        {
            await SayAsync(c, "one\n");
            await seen.Task;
            c.Abort();
        };
        await using var lines = Lines(Follow("a"), Token).GetAsyncEnumerator(Token);
        Assert.Equal("one", (await NextAsync(lines)).Text);
        seen.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(async () => await lines.MoveNextAsync());
    }

    [Fact]
    public async Task A_line_without_end_is_given_in_pieces()
    {
        _pods["a"] = static async c =>
        {
            for (var i = 0; i < 20; i++) await SayAsync(c, new string('x', 10_000));
        };
        var lines = await Lines(Follow("a"), Token).ToListAsync(Token);
        Assert.Equal(200_000, lines.Sum(static l => l.Text.Length));
        Assert.All(lines, static l => Assert.InRange(l.Text.Length, 1, 80_000));
    }

    [Fact]
    public async Task No_pods_is_no_log() => Assert.Empty(await Lines(Follow(), Token).ToListAsync(Token));

    private ClusterLogs Follow(params string[] pods) => new(new KubeClient(_connection), _ =>
        [.. pods.Select(static name => new ModelPod { Metadata = new ObjectMeta { Name = name, Namespace = "default" }, Status = new ModelPodStatus { ContainerStatuses = [new ContainerStatus { Name = "engine" }, new ContainerStatus { Name = "sidecar" }] } })]);

    private static async IAsyncEnumerable<LogLine> Lines(ClusterLogs logs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in logs.FollowAsync(new ModelDeployment { Metadata = new ObjectMeta { Name = "m" }, Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "m" } } }, 100, cancellationToken))
        {
            foreach (var line in batch) yield return line;
        }
    }

    private static async Task<LogLine> NextAsync(IAsyncEnumerator<LogLine> lines) => await lines.MoveNextAsync() ? lines.Current : throw new InvalidOperationException("It ended.");

    private static async Task SayAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, Token);
        await context.Response.Body.FlushAsync(Token);
    }

    private static Task RefuseAsync(HttpContext context, int code, string message)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"x","code":{{code}},"message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""", Token);
    }
}
