using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Testing;

namespace Slipway.Operator.Tests.Devices;

/// <summary>The discovery documents and dry runs of a Kubernetes server of any version, on loopback.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempDirectory _folder = new();

    private FakeServer(WebApplication app) => _app = app;

    public string Version { get; set; } = "v1.36.2";

    /// <summary>What is served, as `group/version/plural`.</summary>
    public HashSet<string> Served { get; } = ["resource.k8s.io/v1/resourceclaimtemplates", "resource.k8s.io/v1/deviceclasses", "resource.k8s.io/v1/resourceslices", "apps/v1/deployments"];

    /// <summary>Fields that are dropped, wherever they are.</summary>
    public HashSet<string> Dropped { get; } = [];

    /// <summary>Plurals that may not be created.</summary>
    public HashSet<string> Forbidden { get; } = [];

    /// <summary>Whether it answers at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>The dry runs so far.</summary>
    public int DryRuns { get; private set; }

    /// <summary>How often events were listed.</summary>
    public int Lists { get; private set; }

    /// <summary>What was written in earnest.</summary>
    public int Writes { get; private set; }

    public KubeConnection Connection { get; private set; } = null!;

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var server = new FakeServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        var address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var kubeconfig = $$"""
            apiVersion: v1
            kind: Config
            current-context: a
            clusters: [{name: a, cluster: {server: "{{address}}"} }]
            users: [{name: a, user: {token: x} }]
            contexts: [{name: a, context: {cluster: a, user: a} }]
            """;
        server.Connection = KubeConnection.FromKubeconfig(server._folder.Write("kubeconfig", System.Text.Encoding.UTF8.GetBytes(kubeconfig)), null);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (path, request) = (context.Request.Path.Value!, context.Request);
        if (IsDown) context.Response.StatusCode = 503;
        else if (path == "/version") await context.Response.WriteAsync(new JsonObject { ["gitVersion"] = Version }.ToJsonString());
        else if (path.EndsWith("/events", StringComparison.Ordinal)) await ListEventsAsync(context);
        else if (request.Method == "GET") await DiscoverAsync(context, path["/apis/".Length..]);
        else await CreateAsync(context, path["/apis/".Length..].Split('/'));
    }

    private async Task ListEventsAsync(HttpContext context)
    {
        Lists++;
        if (Forbidden.Contains("events")) context.Response.StatusCode = 403;
        var reason = context.Request.Query["fieldSelector"].ToString();
        var body = context.Response.StatusCode == 403 ? new JsonObject { ["kind"] = "Status", ["code"] = 403, ["message"] = "events is forbidden" } : new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "e" }, ["reason"] = reason["reason=".Length..], ["message"] = context.Request.Path.Value }),
        };
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private async Task DiscoverAsync(HttpContext context, string version)
    {
        var plurals = Served.Where(s => s.StartsWith(version + "/", StringComparison.Ordinal)).Select(s => s[(version.Length + 1)..]).ToList();
        if (plurals.Count == 0) context.Response.StatusCode = 404;
        else await context.Response.WriteAsync(new JsonObject { ["resources"] = new JsonArray([.. plurals.Select(p => new JsonObject { ["name"] = p })]) }.ToJsonString());
    }

    private async Task CreateAsync(HttpContext context, string[] path)
    {
        if (context.Request.Query["dryRun"] == "All") DryRuns++;
        else Writes++;
        var body = await JsonNode.ParseAsync(context.Request.Body);
        if (Forbidden.Contains(path[^1]) || !Served.Contains($"{path[0]}/{path[1]}/{path[^1]}"))
        {
            context.Response.StatusCode = Forbidden.Contains(path[^1]) ? 403 : 404;
            await context.Response.WriteAsync(new JsonObject { ["message"] = $"{path[^1]} is forbidden" }.ToJsonString());
            return;
        }

        // As the real server: a request without any of its two forms is refused.
        if (Drop(body!) && path[^1] == "resourceclaimtemplates" && Dropped.Contains("firstAvailable")) context.Response.StatusCode = 422;
        else context.Response.StatusCode = 201;
        await context.Response.WriteAsync(body!.ToJsonString());
    }

    private bool Drop(JsonNode node)
    {
        var dropped = false;
        if (node is JsonArray list) return list.OfType<JsonNode>().Aggregate(dropped, (found, item) => found | Drop(item));
        if (node is not JsonObject members) return dropped;
        foreach (var name in members.Select(m => m.Key).ToList())
        {
            if (Dropped.Contains(name)) dropped |= members.Remove(name);
            else if (members[name] is { } inner) dropped |= Drop(inner);
        }

        return dropped;
    }
}
