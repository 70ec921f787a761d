using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.Keys;
using Slipway.Api.Meta;
using Slipway.Gateway.Keys;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Tests.Keys;

/// <summary>Who may ask, and how much.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private const string Own = "slk_own";

    private readonly Router _router = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly KeyCheck _check;
    private readonly HttpClient _client = new();
    private readonly List<string?> _reached = [];
    private GatewayServer _gateway = null!;
    private WebApplication _engine = null!;
    private Func<HttpContext, Task> _answer = static context => context.Response.WriteAsync("""{"usage":{"prompt_tokens":30,"completion_tokens":20}}""");

    public KeysTests() => _check = new KeyCheck(Own, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // The clock of limits alone: timers of connections are not what is looked at.
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Keys = _check }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _engine = builder.Build();
        _engine.Run(context =>
        {
            lock (_reached) _reached.Add(context.Request.Headers.Authorization);
            context.Response.ContentType = "application/json";
            return _answer(context);
        });
        await _engine.StartAsync(Token);
        Route Made(string model, string ns) => new(model, $"{ns}/{model}", [new Backend(new Uri(_engine.Urls.Single()))], "", true, DateTimeOffset.UnixEpoch);
        var routes = new Dictionary<string, Route> { ["open"] = Made("open", "open"), ["guarded"] = Made("guarded", "team"), ["other"] = Made("other", "team") };
        _router.Publish(new RouteTable(routes) { Deployments = routes.Values.ToFrozenDictionary(static r => r.Deployment, StringComparer.Ordinal) });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_namespace_that_takes_a_key_answers_nobody_without_one()
    {
        var key = Publish(new ApiKeySpec { Digest = "" });
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync("guarded", null));
        using (var refused = await SendAsync("guarded", "not ours"))
        {
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Contains("slipway keys create NAME -n team", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync("guarded", KeyText.New()));
        Assert.Empty(_reached);
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", Own));
        // No way around by naming the deployment.
        using var named = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"x"}"""), Headers = { { Routes.DeploymentHeader, "team/guarded" } } };
        using var answer = await _client.SendAsync(named, Token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        // Engines have no business with keys.
        Assert.All(_reached, static header => Assert.Equal("", header ?? ""));
    }

    [Fact]
    public async Task Elsewhere_a_key_is_not_needed_and_what_is_none_of_ours_goes_through_as_it_is()
    {
        Publish(new ApiKeySpec { Digest = "" });
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("open", null));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("open", "sk-dummy"));
        Assert.Equal(["", "Bearer sk-dummy"], _reached.Select(static h => h ?? ""));
        // One that looks like ours and is not known was deleted: it is neither let in nor passed on.
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync("open", KeyText.New()));
        Assert.Equal(2, _reached.Count);
    }

    [Fact]
    public async Task A_key_opens_what_it_names_in_its_own_namespace_while_it_lasts()
    {
        var key = Publish(new ApiKeySpec { Digest = "", Models = ["guarded"], Expires = _time.GetUtcNow().AddHours(1) });
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        Assert.Equal((HttpStatusCode.Forbidden, "model_not_allowed"), await AskAsync("other", key));
        Assert.Equal((HttpStatusCode.Forbidden, "model_not_allowed"), await AskAsync("open", key));
        Assert.Equal(["guarded", "open"], await ModelsAsync(key));
        Assert.Equal(["open"], await ModelsAsync(null));
        Assert.Equal(["guarded", "open", "other"], await ModelsAsync(Own));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync("guarded", key));
        Assert.Equal(["open"], await ModelsAsync(key));
        key = Publish(new ApiKeySpec { Digest = "", Disabled = true });
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_api_key"), await AskAsync("guarded", key));
    }

    [Fact]
    public async Task Requests_over_the_limit_are_told_when_to_come_again()
    {
        var key = Publish(new ApiKeySpec { Digest = "", RequestsPerMinute = 2 });
        using (var first = await SendAsync("guarded", key)) Assert.Equal(("2", "1"), (first.Headers.GetValues("x-ratelimit-limit-requests").Single(), first.Headers.GetValues("x-ratelimit-remaining-requests").Single()));
        await AskAsync("guarded", key);
        using (var over = await SendAsync("guarded", key))
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(30)), (over.StatusCode, over.Headers.RetryAfter!.Delta));
            Assert.Contains("good for 2 requests a minute. Wait 30 s", await over.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), await AskAsync("guarded", key));
        Assert.Equal((3, 2, 90, 60), Used(key) is var used ? (used.Requests, used.Limited, used.TokensIn, used.TokensOut) : default);
    }

    [Fact]
    public async Task Tokens_are_charged_when_they_are_known_and_the_next_request_waits_for_them()
    {
        var key = Publish(new ApiKeySpec { Digest = "", TokensPerMinute = 60 });
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        // 10 are left, and nobody knows beforehand that it will be 50 again.
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        using var over = await SendAsync("guarded", key);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(41)), (over.StatusCode, over.Headers.RetryAfter!.Delta));
        _time.Advance(TimeSpan.FromSeconds(41));
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
    }

    [Fact]
    public async Task Requests_under_way_are_limited_and_given_back_however_they_end()
    {
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _answer = async context =>
        {
            began.TrySetResult();
            await go.Task;
            context.Abort();
        };
        var key = Publish(new ApiKeySpec { Digest = "", ConcurrentRequests = 1 });
        var first = SendAsync("guarded", key);
        await began.Task;
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), await AskAsync("guarded", key));
        go.SetResult();
        (await first).Dispose();
        _answer = static context => context.Response.WriteAsync("{}");
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
    }

    [Fact]
    public async Task What_was_used_goes_on_when_the_key_changes_and_other_limits_begin_full()
    {
        var key = Publish(new ApiKeySpec { Digest = "", RequestsPerMinute = 1 });
        await AskAsync("guarded", key);
        Publish(new ApiKeySpec { Digest = "", RequestsPerMinute = 1, Description = "the same limit" }, key);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), await AskAsync("guarded", key));
        Publish(new ApiKeySpec { Digest = "", RequestsPerMinute = 5 }, key);
        Assert.Equal((HttpStatusCode.OK, null), await AskAsync("guarded", key));
        Assert.Equal(2, Used(key).Requests);
    }

    [Fact]
    public void A_key_is_drawn_by_chance_and_known_by_its_digest()
    {
        var (one, other) = (KeyText.New(), KeyText.New());
        Assert.NotEqual(one, other);
        Assert.Matches("^slk_[A-Za-z0-9_-]{43}$", one);
        // Of `printf abc | sha256sum`.
        Assert.Equal("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", KeyText.Digest("abc"));
    }

    private string Publish(ApiKeySpec spec, string? text = null)
    {
        text ??= KeyText.New();
        var key = new ApiKey { Metadata = new ObjectMeta { Name = "shop", Namespace = "team", Uid = text }, Spec = spec with { Digest = KeyText.Digest(text) } };
        _check.Publish(Keyring.Of([key], ["team"], _check.Current, _time));
        return text;
    }

    private ApiKeyStatus Used(string key) => _check.Current.Keys[KeyText.Digest(key)].Meter.Used;

    private async Task<HttpResponseMessage> SendAsync(string model, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent($$"""{"model":"{{model}}"}""") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await _client.SendAsync(request, Token);
    }

    private async Task<(HttpStatusCode, string?)> AskAsync(string model, string? key)
    {
        using var response = await SendAsync(model, key);
        var said = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, response.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(said)!["error"]!["code"]);
    }

    private async Task<string[]> ModelsAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _client.SendAsync(request, Token);
        return [.. JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["data"]!.AsArray().Select(static m => (string)m!["id"]!)];
    }
}
