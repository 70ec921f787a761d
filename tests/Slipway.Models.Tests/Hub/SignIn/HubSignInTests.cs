using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Slipway.Models.Hub.SignIn;
using Slipway.Models.Store;

namespace Slipway.Models.Tests.Hub.SignIn;

/// <summary>The device flow of RFC 8628 against a hub that is played request by request.</summary>
public sealed class HubSignInTests : IDisposable
{
    private static readonly Uri s_hub = new("https://hub.example");

    private readonly FakeTimeProvider _time = new();
    private readonly Played _played;
    private readonly HttpMessageInvoker _http;
    private readonly HubSignIn _signIn;

    public HubSignInTests()
    {
        _played = new Played(_time);
        _http = new HttpMessageInvoker(_played);
        _signIn = new HubSignIn(s_hub, _http, _time);
        _played.On("/.well-known/openid-configuration", HttpStatusCode.OK, """{"device_authorization_endpoint":"https://hub.example/oauth/device","token_endpoint":"https://hub.example/oauth/token"}""");
        _played.On("/oauth/device", HttpStatusCode.OK, """{"device_code":"secret","user_code":"WXYZ-1234","verification_uri":"https://hub.example/device","verification_uri_complete":"https://hub.example/device?code=WXYZ-1234","expires_in":900,"interval":5}""");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_code_is_shown_and_a_token_comes_once_it_is_confirmed()
    {
        var code = await CodeAsync();
        Assert.Equal(("WXYZ-1234", "https://hub.example/device?code=WXYZ-1234", 15), (code.UserCode, code.Complete!.ToString(), code.ExpiresIn.TotalMinutes));
        Assert.Equal("client_id=app&scope=openid+profile+read-repos", _played.Sent["/oauth/device"].Single());
        Assert.DoesNotContain("secret", code.ToString(), StringComparison.Ordinal);

        _played.On("/oauth/token", HttpStatusCode.BadRequest, """{"error":"authorization_pending"}""");
        _played.On("/oauth/token", HttpStatusCode.BadRequest, """{"error":"slow_down"}""");
        _played.On("/oauth/token", HttpStatusCode.OK, """{"access_token":"hf_x","expires_in":28800}""");
        var waiting = _signIn.WaitAsync(code, "app", Token);
        await AskedAsync(3);
        // RFC 8628: slower by five seconds, for good.
        Assert.True(_played.Times[1] - _played.Times[0] >= TimeSpan.FromSeconds(5));
        Assert.True(_played.Times[2] - _played.Times[1] >= TimeSpan.FromSeconds(10));
        Assert.True((await waiting).TryGet(out var grant, out _));
        Assert.Equal(("hf_x", 8, "a token"), (grant.Token, grant.ExpiresIn!.Value.TotalHours, grant.ToString()));
        Assert.Equal("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=secret&client_id=app", _played.Sent["/oauth/token"][0]);
    }

    [Theory]
    [InlineData("access_denied", "refused on the hub's page")]
    [InlineData("expired_token", "ran out")]
    [InlineData("invalid_client", "invalid_client")]
    public async Task What_the_hub_refuses_is_said(string error, string words)
    {
        var code = await CodeAsync();
        _played.On("/oauth/token", HttpStatusCode.BadRequest, $$"""{"error":"{{error}}"}""");
        var waiting = _signIn.WaitAsync(code, "app", Token);
        await AskedAsync(1);
        Assert.Contains(words, (await waiting).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_breaks_is_no_refusal_and_a_code_that_nobody_confirms_runs_out()
    {
        var code = (await CodeAsync()) with { ExpiresIn = TimeSpan.FromSeconds(30) };
        _played.On("/oauth/token", null, "");
        _played.On("/oauth/token", HttpStatusCode.BadRequest, """{"error":"authorization_pending"}""");
        var waiting = _signIn.WaitAsync(code, "app", Token);
        while (!waiting.IsCompleted) await StepAsync();
        Assert.Contains("ran out", (await waiting).Error!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(_played.Times);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"device_authorization_endpoint":"http://elsewhere.example/oauth/device","token_endpoint":"https://hub.example/oauth/token"}""")]
    [InlineData("""{"device_authorization_endpoint":7,"token_endpoint":"file:///etc/passwd"}""")]
    public async Task A_hub_without_device_sign_in_leads_to_access_tokens(string configuration)
    {
        _played.Replace("/.well-known/openid-configuration", HttpStatusCode.OK, configuration);
        var answer = await _signIn.BeginAsync("app", Token);
        Assert.Contains("https://hub.example/settings/tokens", answer.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_client_id_is_named()
    {
        _played.Replace("/oauth/device", HttpStatusCode.BadRequest, """{"error":"invalid_client","error_description":"no such app"}""");
        Assert.Contains("no such app. See whether the client id", (await _signIn.BeginAsync("app", Token)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_says_who_it_is_and_one_that_is_none_is_told_apart_from_a_hub_that_is_gone()
    {
        _played.On("/api/whoami-v2", HttpStatusCode.OK, """{"name":"ada","auth":{"accessToken":{"role":"read"}}}""");
        _played.On("/api/whoami-v2", HttpStatusCode.Unauthorized, """{"error":"Invalid username or password."}""");
        _played.On("/api/whoami-v2", null, "");
        Assert.Equal(new HubIdentity("ada", "read"), (await _signIn.WhoAsync("hf_x", Token)).Value);
        Assert.Equal("Bearer hf_x", _played.Authorization);
        Assert.Equal(ModelErrorKind.GatedOrPrivate, (await _signIn.WhoAsync("hf_x", Token)).Error!.Kind);
        Assert.Equal(ModelErrorKind.HubUnavailable, (await _signIn.WhoAsync("hf_x", Token)).Error!.Kind);
    }

    [Fact]
    public void A_token_is_kept_for_its_owner_alone_where_other_tools_look()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-token-").FullName;
        try
        {
            var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["HF_HOME"] = Path.Combine(folder, "hf") };
            var file = HubTokenFile.FromEnvironment(variables.GetValueOrDefault);
            Assert.Equal(Path.Combine(folder, "hf", "token"), file.Path);
            Assert.Null(file.Read());
            file.Save("one");
            file.Save("two");
            Assert.Equal("two", ModelStoreOptions.FromEnvironment(variables.GetValueOrDefault).Token);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file.Path)!));
            Assert.True(file.Delete());
            Assert.False(file.Delete());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DeviceCode> CodeAsync()
    {
        var answer = await _signIn.BeginAsync("app", Token);
        Assert.True(answer.TryGet(out var code, out var error), error?.Message);
        return code;
    }

    // A step at a time, for nobody can tell from outside when the next wait has begun.
    private async Task AskedAsync(int times)
    {
        while (_played.Times.Count < times) await StepAsync();
    }

    private async Task StepAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
    }

    /// <summary>Answers by path, each path's answers in order; the last again and again.</summary>
    private sealed class Played(TimeProvider time) : HttpMessageHandler
    {
        private readonly Dictionary<string, Queue<(HttpStatusCode? Status, string Body)>> _answers = new(StringComparer.Ordinal);
        public Dictionary<string, List<string>> Sent { get; } = new(StringComparer.Ordinal);

        /// <summary>When tokens were asked for.</summary>
        public List<DateTimeOffset> Times { get; } = [];

        public string? Authorization { get; private set; }

        public void On(string path, HttpStatusCode? status, string body)
        {
            if (!_answers.TryGetValue(path, out var queue)) _answers[path] = queue = new();
            queue.Enqueue((status, body));
        }

        public void Replace(string path, HttpStatusCode status, string body)
        {
            _answers.Remove(path);
            On(path, status, body);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            Authorization = request.Headers.Authorization?.ToString();
            if (!Sent.TryGetValue(path, out var sent)) Sent[path] = sent = [];
            sent.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            if (path == "/oauth/token") Times.Add(time.GetUtcNow());
            var queue = _answers[path];
            var (status, body) = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
            return status is { } known ? new HttpResponseMessage(known) { Content = new StringContent(body, Encoding.UTF8, "application/json") } : throw new HttpRequestException("broken");
        }
    }
}
