using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.Extensions.Time.Testing;
using Slipway.Testing.Oidc;
using Slipway.Web.Access.Oidc;

namespace Slipway.Web.Tests.Access;

/// <summary>Signing in at an OpenID provider whose tokens the cluster's API accepts: there, back, for how long, and what goes wrong.</summary>
public sealed partial class OidcTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private PlayedProvider _provider = null!;
    private Cluster _cluster = null!;
    private Door _door = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await PlayedProvider.StartAsync(_time);
        _cluster = new Cluster { Oidc = new(_provider.Issuer, "slipway") };
        await _cluster.InitializeAsync();
        _door = await Door.OpenAsync(_cluster, oidc: new OidcOptions(_provider.Issuer, "slipway") { Secret = () => _provider.Secret is null ? "unasked" : _provider.Secret }, clock: _time);
        _provider.Secret = "s3cret:%";
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _cluster.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_person_comes_in_by_the_provider_and_acts_by_its_token()
    {
        using var client = _door.Client();
        using var door = await client.GetAsync("/sign-in?return=%2Fsettings", Token);
        Assert.Contains("href=\"/sign-in/oidc?return=%2Fsettings\"", await door.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var start = await client.GetAsync("/sign-in/oidc?return=%2Fsettings", Token);
        var asked = HttpUtility.ParseQueryString(start.Headers.Location!.Query);
        Assert.Equal(("code", "S256", "slipway", "openid profile email"), (asked["response_type"], asked["code_challenge_method"], asked["client_id"], asked["scope"]));
        Assert.Equal(new Uri(_door.Address, "/sign-in/oidc/back").ToString(), asked["redirect_uri"]);
        var kept = start.Headers.GetValues("Set-Cookie").Single().Split("; ");
        Assert.StartsWith("__Host-slipway-oidc-", kept[0], StringComparison.Ordinal);
        Assert.Equal(["httponly", "max-age=900", "path=/", "samesite=lax", "secure"], kept[1..].Order());

        using var back = await BackAsync(client, await ThereAsync(start), kept[0]);
        var html = await back.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        // By a step of its own: on a redirect that began at the provider a browser would keep the session's cookie back.
        Assert.Contains("http-equiv=\"refresh\" content=\"0;url=/settings\"", html, StringComparison.Ordinal);
        var session = back.Headers.GetValues("Set-Cookie").Single(static c => c.StartsWith("__Host-slipway=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", session, StringComparison.Ordinal);

        var settings = await SeeAsync(client, session.Split(';')[0]);
        Assert.Contains($"{_provider.Issuer}#alice", settings.Body, StringComparison.Ordinal);
        Assert.Contains(_door.Audited, l => l.Contains("\"event\":\"sign-in\"", StringComparison.Ordinal) && l.Contains("#alice", StringComparison.Ordinal) && l.Contains("\"by\":\"oidc\"", StringComparison.Ordinal));
        var token = Assert.Single(_provider.Given);
        Assert.DoesNotContain(token, html + settings.Body + _door.Log + string.Join('\n', back.Headers.SelectMany(static h => h.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_did_not_begin_cannot_come_back_and_an_answer_is_good_for_one_time()
    {
        using var client = _door.Client();
        using var start = await client.GetAsync("/sign-in/oidc", Token);
        var (cookie, answer) = (Door.CookieOf(start), await ThereAsync(start));
        using var other = await client.GetAsync("/sign-in/oidc", Token);
        foreach (var (address, shown) in new[] { (answer, null), (answer, Door.CookieOf(other)), (Regex.Replace(answer, "state=[^&]+", "state=x"), cookie), ("/sign-in/oidc/back?error=x&error_description=pay+here", cookie) })
        {
            using var refused = await BackAsync(client, address, shown);
            await IsRefusedAsync(refused, HttpStatusCode.BadRequest, "This browser did not begin that sign-in");
            Assert.DoesNotContain("pay here", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        using var good = await BackAsync(client, answer, cookie);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        using var again = await BackAsync(client, answer, cookie);
        await IsRefusedAsync(again, HttpStatusCode.BadGateway, "invalid_grant: as ordered");

        using var late = await client.GetAsync("/sign-in/oidc", Token);
        var overdue = await ThereAsync(late);
        _time.Advance(TimeSpan.FromMinutes(15));
        using var tooLate = await BackAsync(client, overdue, Door.CookieOf(late));
        await IsRefusedAsync(tooLate, HttpStatusCode.BadRequest, "too long ago");
    }

    [Fact]
    public async Task What_the_provider_gives_is_looked_at()
    {
        var good = _provider.Key;
        _provider.Told = [good];
        foreach (var (spoil, key, why) in new (Action<JsonObject>, PlayedKey, string)[]
        {
            (static c => c["aud"] = "another", good, "it is for another client (aud)"),
            (static c => c["aud"] = "another", PlayedKey.None("first"), "its signature is wrong"),
            (static c => c["iss"] = "https://other.example", good, "it is of another issuer (iss)"),
            (static c => c["nonce"] = "another", good, "it is for another sign-in (nonce)"),
            (static c => c.Remove("nonce"), good, "it is for another sign-in (nonce)"),
            (static c => c["azp"] = "another", good, "it was given to another client (azp)"),
            (c => c["exp"] = _time.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds(), good, "its time is over"),
            (static _ => { }, PlayedKey.None("first"), "its signature is wrong"),
            (static _ => { }, PlayedKey.Confused(good), "signature"),
            (static _ => { }, PlayedKey.Rsa("first"), "signature"),
            (static _ => { }, PlayedKey.Rsa("unknown"), "it is signed with a key that is none of the provider's"),
        })
        {
            (_provider.Spoil, _provider.Key) = (spoil, key);
            using var refused = await ComeAsync();
            await IsRefusedAsync(refused, HttpStatusCode.BadGateway, why);
        }
    }

    [Fact]
    public async Task What_the_provider_says_is_said_in_words()
    {
        using var client = _door.Client();
        using var start = await client.GetAsync("/sign-in/oidc?return=%2Fsettings", Token);
        var state = HttpUtility.ParseQueryString(start.Headers.Location!.Query)["state"];
        using var denied = await BackAsync(client, $"/sign-in/oidc/back?state={state}&error=access_denied&error_description=not+in+the+team", Door.CookieOf(start));
        await IsRefusedAsync(denied, HttpStatusCode.BadGateway, "did not sign you in: access_denied: not in the team. Try again");

        using var mixed = await client.GetAsync("/sign-in/oidc", Token);
        state = HttpUtility.ParseQueryString(mixed.Headers.Location!.Query)["state"];
        using var elsewhere = await BackAsync(client, $"/sign-in/oidc/back?state={state}&code=x&iss=https://other.example", Door.CookieOf(mixed));
        await IsRefusedAsync(elsewhere, HttpStatusCode.BadGateway, "That answer is of https://other.example");

        _provider.Refusal = "invalid_client";
        using var refused = await ComeAsync();
        await IsRefusedAsync(refused, HttpStatusCode.BadGateway, "gave no token (400): invalid_client: as ordered");
    }

    [Fact]
    public async Task A_token_that_the_cluster_does_not_take_says_what_the_cluster_lacks()
    {
        await using var plain = new Cluster();
        await plain.InitializeAsync();
        await using var door = await Door.OpenAsync(plain, oidc: new OidcOptions(_provider.Issuer, "slipway") { Secret = () => _provider.Secret! }, clock: _time);
        using var refused = await ComeAsync(door);
        await IsRefusedAsync(refused, HttpStatusCode.Unauthorized, "--oidc-issuer-url and --oidc-client-id of kube-apiserver");
    }

    [Fact]
    public async Task A_provider_that_is_down_keeps_nobody_from_the_page_and_is_asked_again()
    {
        _provider.Down = true;
        using var client = _door.Client();
        using var down = await client.GetAsync("/sign-in/oidc", Token);
        await IsRefusedAsync(down, HttpStatusCode.BadGateway, "does not answer");
        _provider.Down = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        using var up = await ComeAsync();
        Assert.Equal(HttpStatusCode.OK, up.StatusCode);
    }

    [Fact]
    public async Task The_client_says_who_it_is_as_the_provider_takes_it()
    {
        _provider.Methods = ["client_secret_post"];
        using var post = await ComeAsync();
        Assert.Equal(HttpStatusCode.OK, post.StatusCode);
    }

    [Fact]
    public async Task The_way_back_leads_to_no_other_site()
    {
        using var client = _door.Client();
        using var start = await client.GetAsync("/sign-in/oidc?return=%2F%2Fevil.example%2F", Token);
        using var back = await BackAsync(client, await ThereAsync(start), Door.CookieOf(start));
        Assert.Contains("content=\"0;url=/\"", await back.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_renewed_before_it_ends_until_the_provider_refuses()
    {
        using var client = _door.Client();
        var cookie = await SignedInAsync();
        _time.Advance(_provider.Life - TimeSpan.FromMinutes(1));
        await UntilAsync(() => _provider.Given.Count == 2);
        // The first one's end is past.
        await UntilAsync(async () => (await SeeAsync(client, cookie)).Code == HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await SeeAsync(client, cookie)).Code);

        _provider.Refusal = "temporarily_unavailable";
        _time.Advance(_provider.Life - TimeSpan.FromMinutes(3));
        await UntilAsync(() => _door.Log.Contains("was not renewed yet", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await SeeAsync(client, cookie)).Code);
        _provider.Refusal = "invalid_grant";
        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => _door.Audited.Any(static l => l.Contains("\"reason\":\"ProviderRefused\"", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Redirect, (await SeeAsync(client, cookie)).Code);
        Assert.DoesNotContain("refresh1", _door.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_token_that_is_another_persons_ends_the_session()
    {
        using var client = _door.Client();
        var cookie = await SignedInAsync();
        _provider.Claims["sub"] = "mallory";
        _time.Advance(_provider.Life - TimeSpan.FromMinutes(1));
        await UntilAsync(() => _door.Log.Contains("it is another person", StringComparison.Ordinal));
        await UntilAsync(() => _door.Audited.Any(static l => l.Contains("\"reason\":\"ProviderRefused\"", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Redirect, (await SeeAsync(client, cookie)).Code);
    }

    [Fact]
    public async Task Signing_out_leads_to_the_providers_own_way_out_without_the_token()
    {
        using var client = _door.Client();
        var cookie = await SignedInAsync();
        using var page = new HttpRequestMessage(HttpMethod.Get, "/settings") { Headers = { { "Cookie", cookie } } };
        using var shown = await client.SendAsync(page, Token);
        using var send = new HttpRequestMessage(HttpMethod.Post, "/sign-out")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = await Door.FormTokenAsync(shown) }),
            Headers = { { "Cookie", $"{cookie}; {Door.CookieOf(shown)}" } },
        };
        using var outside = await client.SendAsync(send, Token);
        var html = await outside.Content.ReadAsStringAsync(Token);
        var onward = new Uri(WebUtility.HtmlDecode(Refresh().Match(html).Groups["url"].Value));
        Assert.Equal(_provider.Issuer + "/end", onward.GetLeftPart(UriPartial.Path));
        var query = HttpUtility.ParseQueryString(onward.Query);
        Assert.Equal(("slipway", new Uri(_door.Address, "/sign-in").ToString(), null), (query["client_id"], query["post_logout_redirect_uri"], query["id_token_hint"]));
        Assert.Equal(HttpStatusCode.Redirect, (await SeeAsync(client, cookie)).Code);
    }

    [GeneratedRegex("content=\"0;url=(?<url>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Refresh();

    // At the provider, which lets everybody in.
    private static async Task<string> ThereAsync(HttpResponseMessage start)
    {
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var there = await browser.GetAsync(start.Headers.Location, Token);
        return there.Headers.Location!.PathAndQuery;
    }

    private static async Task<HttpResponseMessage> BackAsync(HttpClient client, string address, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request, Token);
    }

    private async Task<HttpResponseMessage> ComeAsync(Door? door = null)
    {
        var client = (door ?? _door).Client();
        using var start = await client.GetAsync("/sign-in/oidc", Token);
        return await BackAsync(client, await ThereAsync(start), Door.CookieOf(start));
    }

    private async Task<string> SignedInAsync()
    {
        using var back = await ComeAsync();
        return back.Headers.GetValues("Set-Cookie").Single(static c => c.StartsWith("__Host-slipway=", StringComparison.Ordinal)).Split(';')[0];
    }

    private static async Task<(HttpStatusCode Code, string Body)> SeeAsync(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/settings") { Headers = { { "Cookie", cookie } } };
        using var response = await client.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static async Task IsRefusedAsync(HttpResponseMessage response, HttpStatusCode code, string why)
    {
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));
        Assert.True(response.StatusCode == code, $"{response.StatusCode}: {html}");
        Assert.True(html.Contains(why, StringComparison.Ordinal), $"{why}: {html}");
        Assert.DoesNotContain("__Host-slipway=", string.Join('\n', response.Headers.SelectMany(static h => h.Value)), StringComparison.Ordinal);
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }
}
