using System.Net;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Web;

[Trait("Speed", "slow")]
public sealed class PageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Other_sites_are_kept_out()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);
        using var client = new HttpClient();

        using var rebound = new HttpRequestMessage(HttpMethod.Get, slipway.Web) { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(rebound, Token)).StatusCode);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, new Uri(slipway.Web, "_blazor/negotiate?negotiateVersion=1")) { Content = new StringContent("{}") };
        foreign.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, Token)).StatusCode);

        using var page = await client.GetAsync(slipway.Web, Token);
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }
}
