using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.Rollouts;
using Slipway.Web.Assets;
using Slipway.Web.Layout;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Assets;

/// <summary>The page as a browser receives it.</summary>
public sealed partial class WebServerTests : IAsyncLifetime
{
    // The first load of the page, with everything that it pulls (docs/designs/0003).
    private const int Budget = 120 * 1024;

    private readonly FakeAnswers _answers = new();
    private readonly FakeDeployments _deployments = new();
    private readonly FakeRollouts _rollouts = new();
    private WebServer _server = null!;
    private HttpClient _client = null!;

    public static TheoryData<string> Pages => ["/", "/deployments", "/deployments/default/a", "/rollouts", "/rollouts/default/r", "/models/org/x", "/deploy", "/playground", "/capacity", "/settings", "/api", "/not-found"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _deployments.Put(Given.Ready("a"));
        _rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused, 1, static s => s with { Gates = [FakeRollouts.Gate("Pass", 60)], Traffic = new TrafficStatus() }));
        _server = await WebServer.StartAsync(
            new WebAddress(0), new PageOptions(new Uri("http://127.0.0.1:7080"), "1.0"), new PageSources(_deployments, new FakeLogs(), new FakeTraffic(), _rollouts, new FakeSchedules(), new FakeKeys(), new FakeHubAccount(), _answers, _answers), null, TimeProvider.System, NullLoggerFactory.Instance, Token);
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_drawn_on_the_server_with_nothing_inline(string path)
    {
        using var response = await _client.GetAsync(path, Token);
        var html = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<style|<script(?![^>]* src=)|\\sstyle=|\\son[a-z]+=", html);
        Assert.Single(Regex.Matches(html, "<h1", RegexOptions.NonBacktracking));
        Assert.Contains("class=\"skip\"", html, StringComparison.Ordinal);
        Assert.Matches("<title>[^<]+ - Slipway</title>", html);
    }

    [Fact]
    public async Task Every_step_of_the_tour_is_about_a_page_that_there_is()
    {
        foreach (var step in TourStep.All)
        {
            using var response = await _client.GetAsync(step.Page, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_leads_on()
    {
        using var response = await _client.GetAsync("/no/such/page", Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no such page", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_load_keeps_to_its_budget()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept-Encoding", "br" } } };
        using var response = await _client.SendAsync(request, Token);
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);
        using var plain = new StreamReader(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
        var html = await plain.ReadToEndAsync(Token);
        var total = bytes.Length;
        foreach (Match asset in AssetAddress().Matches(html))
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, asset.Groups["address"].Value) { Headers = { { "Accept-Encoding", "br" } } };
            using var answer = await _client.SendAsync(ask, Token);
            Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            total += (await answer.Content.ReadAsByteArrayAsync(Token)).Length;
        }

        TestContext.Current.SendDiagnosticMessage("The first load takes {0} bytes.", total);
        Assert.InRange(total, 40 * 1024, Budget);
    }

    [Fact]
    public async Task An_asset_is_the_same_however_it_travels()
    {
        var address = AssetCatalogue.Bundled["page.css"];
        var plain = await _client.GetByteArrayAsync(address, Token);
        foreach (var (encoding, open) in new (string, Func<Stream, Stream>)[] { ("br", s => new BrotliStream(s, CompressionMode.Decompress)), ("gzip", s => new GZipStream(s, CompressionMode.Decompress)) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Encoding", encoding } } };
            using var response = await _client.SendAsync(request, Token);
            Assert.Equal(encoding, response.Content.Headers.ContentEncoding.Single());
            using var bytes = new MemoryStream();
            await using var stream = open(await response.Content.ReadAsStreamAsync(Token));
            await stream.CopyToAsync(bytes, Token);
            Assert.Equal(plain, bytes.ToArray());
        }

        using var old = await _client.GetAsync("/assets/page.000000000000.css", Token);
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
    }

    [Fact]
    public async Task Another_site_may_not_open_a_circuit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1") { Headers = { { "Origin", "http://elsewhere.example" } } };
        using var response = await _client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [GeneratedRegex("(?:src|href)=\"(?<address>/assets/[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex AssetAddress();
}
