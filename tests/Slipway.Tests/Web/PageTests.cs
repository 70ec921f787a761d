using System.Net;
using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Web;

[Trait("Speed", "slow")]
public sealed class PageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_sees_a_deployment_come_up_and_talks_to_it()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat", "--no-wait")).Succeeded);

        var packages = await Tools.NpmAsync("playwright", "playwright-core@1.65.1");
        var (node, chromium) = (await Tools.NodeAsync(), await Tools.ChromiumAsync());
        var result = await Command.RunAsync(
            node.Path,
            [.. node.LeadingArguments, Path.Combine(AppContext.BaseDirectory, "Clients", "page.mjs"), packages, chromium.Path, slipway.Web.ToString(), folder["page.png"]],
            node.Environment.Concat(chromium.Environment).DistinctBy(v => v.Key).ToDictionary(),
            cancellationToken: Token);
        Assert.True(result.Succeeded, result.Errors);
        var shown = JsonNode.Parse(result.Output)!;
        Assert.Equal("42", ((string?)shown["answer"])?.Trim());
        Assert.Equal("Running", (string?)shown["state"]);
        Assert.Empty(shown["problems"]!.AsArray());
    }

    [Fact]
    public async Task Other_sites_are_kept_out()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        using var client = new HttpClient();

        using var rebound = new HttpRequestMessage(HttpMethod.Get, slipway.Web) { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(rebound, Token)).StatusCode);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, new Uri(slipway.Web, "chat")) { Content = new StringContent("{}") };
        foreign.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, Token)).StatusCode);

        using var page = await client.GetAsync(slipway.Web, Token);
        Assert.Contains("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
