using System.Net.Http.Headers;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Testing;
using Slipway.Web.Languages;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Languages;

/// <summary>Which language somebody gets.</summary>
public sealed class LanguageChoiceTests : IAsyncLifetime
{
    private WebServer _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (deployments, answers) = (new FakeDeployments(), new FakeAnswers());
        var sources = new PageSources(deployments, new FakeLogs(), new FakeTraffic(), new FakeRollouts(), new FakeSchedules(), new FakeKeys(), new FakeHubAccount(), answers, answers);
        _server = await WebServer.StartAsync(new WebAddress(0), new PageOptions(new Uri("http://127.0.0.1:7080"), "1.0"), sources, null, TimeProvider.System, NullLoggerFactory.Instance, Token);
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData("de", null, "de")]
    [InlineData("de-AT", null, "de")]
    [InlineData("fr, de;q=0.5, en;q=0.8", null, "en")]
    [InlineData("fr, en;q=0.5, de;q=0.8", null, "de")]
    [InlineData("de;q=0", null, "en")]
    [InlineData("xx, *", null, "en")]
    [InlineData("nonsense;;;q=", null, "en")]
    [InlineData("de", "en", "en")]
    [InlineData("en", "de", "de")]
    [InlineData("de", "tlh", "de")]
    public async Task The_choice_goes_before_the_browser_and_English_is_for_all_others(string? accepted, string? chosen, string code)
    {
        var html = await ReadAsync("/deployments", accepted, chosen);
        Assert.Contains($"<html lang=\"{code}\">", html, StringComparison.Ordinal);
        Assert.Contains(code == "de" ? "Noch l&#xE4;uft nichts" : "Nothing runs yet", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_a_proxy_may_keep_says_what_it_hangs_on()
    {
        using var response = await _client.GetAsync("/", Token);
        Assert.Contains("Accept-Language", response.Headers.Vary.SelectMany(static v => v.Split(", ")));
    }

    [Fact]
    public async Task Programs_are_answered_in_English() =>
        Assert.Contains("There is no deployment", await ReadAsync("/api/v1/deployments/default/nothing", "de", "de"), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task One_answer_leaves_no_language_to_the_next()
    {
        await ReadAsync("/", "de", null);
        Assert.Contains("<html lang=\"en\">", await ReadAsync("/", null, null), StringComparison.Ordinal);
        Assert.Same(Language.English, Language.Current);
    }

    [Fact]
    public void A_text_without_values_is_found_without_allocating()
    {
        Language.Current = Language.Find("de")!;
        Assert.Equal("Ein Modell bereitstellen", Words.T("Deploy a model"));
        Assert.Equal(0, Allocated.By(static () =>
        {
            for (var i = 0; i < 1000; i++) Words.T("Deploy a model");
        }));
    }

    private async Task<string> ReadAsync(string path, string? accepted, string? chosen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("*/*") } } };
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        if (chosen is not null) request.Headers.Add("Cookie", $"{LanguageChoice.Cookie}={chosen}");
        using var response = await _client.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
