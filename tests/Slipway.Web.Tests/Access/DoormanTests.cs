using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Assets;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Access;

/// <summary>Who comes in, with which cookie, and until when.</summary>
public sealed class DoormanTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncLifetime
{
    private static int s_spaces;

    private readonly string _space = $"team-{Interlocked.Increment(ref s_spaces)}";
    private Door _door = null!;
    private string _token = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await cluster.SpaceAsync(_space, "team lead (lead@example.org)");
        _token = await cluster.AccountAsync(_space, "alice");
        await cluster.GiveAsync(_space, "alice", "list,get", "airunway.ai", "modeldeployments");
        _door = await Door.OpenAsync(cluster, ["slipway.example"]);
    }

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Without_a_session_every_route_leads_to_the_sign_in_page_or_is_refused()
    {
        _door.Deployments.Put(In(_space, "secret-model"));
        using var client = _door.Client();
        var paths = _door.Routes.Select(static r => r.Replace("{**path}", "any", StringComparison.Ordinal).Replace("{Space}", "default", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal))
            .Select(static r => "/" + r.TrimStart('/')).Append("/no/such/page").Distinct().Where(static p => p != "/sign-in" && !p.StartsWith(AssetCatalogue.Root, StringComparison.Ordinal)).ToList();
        Assert.True(paths.Count > 20, string.Join('\n', paths));
        foreach (var path in paths)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Head })
            {
                using var request = new HttpRequestMessage(method, path);
                using var response = await client.SendAsync(request, Token);
                var body = await response.Content.ReadAsStringAsync(Token);
                var turned = response.StatusCode is HttpStatusCode.Unauthorized || (response.StatusCode is HttpStatusCode.Redirect && response.Headers.Location!.OriginalString.StartsWith("/sign-in", StringComparison.Ordinal));
                Assert.True(turned, $"{method} {path}: {response.StatusCode}");
                Assert.DoesNotContain("secret-model", body, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("GET", "/assets/old.000000000000.css", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/sign-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/sign-in/more", HttpStatusCode.Redirect)]
    [InlineData("GET", "/SIGN-IN", HttpStatusCode.OK)]
    [InlineData("GET", "/assets/../deployments", HttpStatusCode.Redirect)]
    [InlineData("GET", "/assets/%2e%2e/deployments", HttpStatusCode.Redirect)]
    [InlineData("GET", "//deployments", HttpStatusCode.Redirect)]
    [InlineData("GET", "/Deployments", HttpStatusCode.Redirect)]
    public async Task What_is_open_to_all_leads_nowhere_else(string method, string path, HttpStatusCode expected)
    {
        using var client = _door.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_door.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await client.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain("aria-label=\"Main\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_leads_to_the_sign_in_page_and_back_and_the_api_says_401()
    {
        using var client = _door.Client();
        using var page = await client.GetAsync("/deployments?q=x", Token);
        Assert.Equal("/sign-in?return=%2Fdeployments%3Fq%3Dx", page.Headers.Location!.OriginalString);
        using var signedIn = await _door.SignInAsync(client, _token, "/deployments?q=x");
        Assert.Equal((HttpStatusCode.SeeOther, "/deployments?q=x"), (signedIn.StatusCode, signedIn.Headers.Location!.OriginalString));
        using var elsewhere = await _door.SignInAsync(client, _token, "//evil.example/");
        Assert.Equal("/", elsewhere.Headers.Location!.OriginalString);

        using var rest = await client.GetAsync("/api/v1/prices", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, rest.StatusCode);
        Assert.Equal("Bearer", rest.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Contains("kubectl create token", (string?)JsonNode.Parse(await rest.Content.ReadAsStringAsync(Token))!["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in?return=%2Fsettings", "/settings")]
    [InlineData("/sign-in?return=%2F%2Fevil.example", "/")]
    public async Task Whom_a_proxy_has_signed_in_is_not_kept_at_the_sign_in_page(string address, string onward)
    {
        using var client = _door.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _token) } };
        using var response = await client.SendAsync(request, Token);
        Assert.Equal((HttpStatusCode.Redirect, onward), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, ("Authorization", "Bearer " + _token + "x")));
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_over_TLS_to_no_script_and_no_other_site_and_holds_no_token()
    {
        using var client = _door.Client();
        using var response = await _door.SignInAsync(client, _token);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), static c => c.StartsWith("__Host-slipway=", StringComparison.Ordinal));
        var parts = cookie.Split("; ");
        Assert.Equal(43, parts[0].Length - "__Host-slipway=".Length);
        Assert.Equal(["httponly", "path=/", "samesite=strict", "secure"], parts[1..].Order());
        Assert.DoesNotContain(_token, string.Join('\n', response.Headers.Concat(response.Content.Headers).SelectMany(static h => h.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_from_before_is_not_the_one_after()
    {
        using var client = _door.Client();
        using var planted = await _door.SignInAsync(client, _token, cookie: "__Host-slipway=planted");
        Assert.NotEqual("__Host-slipway=planted", Door.CookieOf(planted));
        using var second = await _door.SignInAsync(client, _token, cookie: Door.CookieOf(planted));
        Assert.NotEqual(Door.CookieOf(planted), Door.CookieOf(second));
        foreach (var (cookie, expected) in new[] { ("__Host-slipway=planted", HttpStatusCode.Redirect), (Door.CookieOf(planted), HttpStatusCode.Redirect), (Door.CookieOf(second), HttpStatusCode.OK) })
            Assert.Equal(expected, await StatusAsync("/settings", ("Cookie", cookie)));
    }

    [Fact]
    public async Task A_wrong_token_and_one_that_was_taken_back_get_the_same_answer_and_six_are_too_many()
    {
        await cluster.AccountAsync(_space, "gone");
        var taken = await cluster.TokenAsync(_space, "gone");
        await cluster.RemoveAsync($"api/v1/namespaces/{_space}/serviceaccounts/gone");
        using var client = _door.Client();
        var answers = new List<string>();
        foreach (var token in new[] { "nonsense", taken, "a b c", "", _token + "x" })
        {
            using var response = await _door.SignInAsync(client, token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.DoesNotContain("__Host-slipway", string.Join('\n', response.Headers.SelectMany(static h => h.Value)), StringComparison.Ordinal);
            var html = await response.Content.ReadAsStringAsync(Token);
            answers.Add(html[html.IndexOf("<main", StringComparison.Ordinal)..html.IndexOf("<form", StringComparison.Ordinal)]);
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("Ask for a new one", answers[0], StringComparison.Ordinal);
        using var late = await _door.SignInAsync(client, _token);
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), late.Headers.RetryAfter!.Delta);
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("/api/v1/prices", ("Authorization", $"Bearer wrong{i}")));
        Assert.Single(_door.Audited, static l => l.Contains("\"code\":429", StringComparison.Ordinal));
        _door.Time.Advance(TimeSpan.FromMinutes(1));
        using var later = await _door.SignInAsync(client, _token);
        Assert.Equal(HttpStatusCode.SeeOther, later.StatusCode);
        Assert.DoesNotContain(_token, _door.Log, StringComparison.Ordinal);
        Assert.Equal(5, _door.Audited.Count(static l => l.Contains("\"sign-in-refused\"", StringComparison.Ordinal) && l.Contains("401", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_form_is_taken_from_this_page_only()
    {
        using var client = _door.Client();
        using var bare = await client.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = _token }), Token);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Contains("Try again", await bare.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(foreign, Token)).StatusCode);
        using var large = await client.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = new string('a', 200_000) }), Token);
        Assert.Equal(HttpStatusCode.BadRequest, large.StatusCode);
    }

    [Fact]
    public async Task Signing_out_ends_it()
    {
        using var client = await _door.SignedInAsync(_token);
        using var page = await client.GetAsync("/settings", Token);
        var cookies = $"{client.DefaultRequestHeaders.GetValues("Cookie").Single()}; {Door.CookieOf(page)}";
        using var without = await client.PostAsync("/sign-out", new FormUrlEncodedContent([]), Token);
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var leave = new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", await Door.FormTokenAsync(page))]) };
        using var leaving = _door.Client();
        leaving.DefaultRequestHeaders.Add("Cookie", cookies);
        using var left = await leaving.SendAsync(leave, Token);
        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in"), (left.StatusCode, left.Headers.Location!.OriginalString));
        using var after = await client.GetAsync("/settings", Token);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.Contains(_door.Audited, static l => l.Contains("\"session-end\"", StringComparison.Ordinal) && l.Contains("SignedOut", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_that_is_removed_is_out_within_five_minutes()
    {
        var token = await cluster.AccountAsync(_space, "leaver");
        using var client = await _door.SignedInAsync(token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/settings", Token)).StatusCode);
        await cluster.RemoveAsync($"api/v1/namespaces/{_space}/serviceaccounts/leaver");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/settings", Token)).StatusCode);
    }

    [Fact]
    public async Task A_circuit_is_opened_with_a_session_alone_and_ends_with_it()
    {
        var token = await cluster.AccountAsync(_space, "visitor");
        using var client = await _door.SignedInAsync(token);
        var cookie = client.DefaultRequestHeaders.GetValues("Cookie").Single();
        using var negotiated = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Token);
        var id = (string)JsonNode.Parse(await negotiated.Content.ReadAsStringAsync(Token))!["connectionToken"]!;
        var address = new UriBuilder(new Uri(_door.Address, "/_blazor?id=" + id)) { Scheme = "ws" }.Uri;
        using var stranger = new ClientWebSocket();
        Assert.Contains("401", (await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(address, Token))).Message, StringComparison.Ordinal);

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(address, Token);
        var waiting = socket.ReceiveAsync(new byte[1000], Token);
        // A page that is open is not idle; the keeper looks after it meanwhile.
        _door.Time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/settings", ("Cookie", cookie)));
        Assert.False(waiting.IsCompleted);

        await cluster.RemoveAsync($"api/v1/namespaces/{_space}/serviceaccounts/visitor");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        // The keeper may have been quicker than the request: what has ended it is through once it is written down.
        do Assert.Equal(HttpStatusCode.Redirect, await StatusAsync("/settings", ("Cookie", cookie)));
        while (!_door.Audited.Any(static l => l.Contains("TokenRefused", StringComparison.Ordinal)));
        // Time enough to go to the sign-in page; then the connection is cut.
        _door.Time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<WebSocketException>(() => waiting);
    }

    [Fact]
    public async Task The_api_takes_a_bearer_token_and_the_same_program_is_one_session()
    {
        using var client = _door.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync("/api/v1/prices", Token)));
        Assert.All(all, static r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Single(_door.Audited, static l => l.Contains("\"sign-in\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/v1/prices", ("Authorization", "Bearer nonsense")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/v1/prices", ("Authorization", "Basic YTpi")));
        // A page too: a proxy that signs people in passes it on.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/settings", ("Authorization", $"Bearer {_token}")));
    }

    [Fact]
    public async Task Whoever_may_not_list_nodes_sees_no_capacity_and_is_told_so()
    {
        using var client = await _door.SignedInAsync(_token);
        foreach (var path in new[] { "/api/v1/capacity", "/api/v1/costs/history" })
        {
            using var response = await client.GetAsync(path, Token);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("You may not list nodes", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_shows_the_namespaces_that_its_person_may_list_and_says_what_is_missing_and_whom_to_ask()
    {
        _door.Deployments.Put(In(_space, "mine"));
        _door.Deployments.Put(In("default", "theirs"));
        using var client = await _door.SignedInAsync(_token);
        var list = await client.GetStringAsync("/deployments", Token);
        Assert.Contains("mine", list, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", list, StringComparison.Ordinal);
        Assert.Contains($"system:serviceaccount:{_space}:alice", list, StringComparison.Ordinal);
        Assert.Contains("There is no deployment theirs", await client.GetStringAsync("/deployments/default/theirs", Token), StringComparison.Ordinal);
        var own = await client.GetStringAsync($"/deployments/{_space}/mine", Token);
        Assert.Contains($"You may not delete modeldeployments.airunway.ai in the namespace {_space}. Ask whoever gives rights", own, StringComparison.Ordinal);
        await cluster.GiveAsync(_space, "alice", "get", "", "namespaces");
        _door.Time.Advance(TimeSpan.FromSeconds(31));
        own = await client.GetStringAsync($"/deployments/{_space}/mine", Token);
        Assert.Contains("Ask team lead (lead@example.org).", own, StringComparison.Ordinal);
        Assert.DoesNotContain(_token, own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_that_is_taken_is_gone_within_half_a_minute()
    {
        _door.Deployments.Put(In(_space, "mine"));
        using var client = await _door.SignedInAsync(_token);
        Assert.Contains("mine", await client.GetStringAsync("/deployments", Token), StringComparison.Ordinal);
        await cluster.RemoveAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{_space}/rolebindings/alice-airunway");
        _door.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain("mine", await client.GetStringAsync("/deployments", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_the_page_has_the_name_that_it_was_given_and_no_other()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/sign-in", ("Host", "slipway.example")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/sign-in", ("Host", "slipway.example"), ("Origin", "https://slipway.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/sign-in", ("Host", "slipway.example"), ("Origin", "http://slipway.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/sign-in", ("Host", "evil.example")));
    }

    private static ModelDeployment In(string space, string name) => Given.Ready(name) with { Metadata = Given.Ready(name).Metadata with { Namespace = space, Uid = $"{space}/{name}" } };

    private async Task<HttpStatusCode> StatusAsync(string path, params (string Name, string Value)[] headers)
    {
        using var client = _door.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, Token);
        return response.StatusCode;
    }
}
