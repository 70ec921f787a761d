using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.ApiServer.Authentication.Oidc;
using Slipway.Conformance.Tests.Harness;
using Slipway.Testing;
using Slipway.Testing.Oidc;

namespace Slipway.ApiServer.Tests;

/// <summary>A provider's tokens at the API: whose they are, and which are none.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private PlayedProvider _provider = null!;
    private EmbeddedApiServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _provider = await PlayedProvider.StartAsync(_time);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_is_its_subject_with_the_issuer_before_it(bool elliptic)
    {
        if (elliptic) _provider.Key = PlayedKey.Elliptic("curve");
        await StartAsync();
        var token = _provider.Token();
        var status = await ReviewAsync(token);
        Assert.True((bool)status["authenticated"]!);
        Assert.Equal($"{_provider.Issuer}#alice", (string?)status["user"]!["username"]);
        Assert.Equal("""["system:authenticated"]""", status["user"]!["groups"]!.ToJsonString());
        Assert.Equal("""["https://kubernetes.default.svc.cluster.local"]""", status["audiences"]!.ToJsonString());
        (await AsAsync(token, "/apis")).Expect(HttpStatusCode.OK);
        (await AsAsync(token, "/api/v1/pods")).ExpectStatus(403, "Forbidden");
    }

    [Fact]
    public async Task Email_and_groups_are_named_as_told()
    {
        _provider.Claims = new JsonObject { ["sub"] = "1", ["email"] = "ada@example.org", ["teams"] = new JsonArray("a", "b") };
        await StartAsync(static o => o with { UsernameClaim = "email", GroupsClaim = "teams", GroupsPrefix = "corp:", RequiredClaims = new Dictionary<string, string>(StringComparer.Ordinal) { ["sub"] = "1" } });
        var user = (await ReviewAsync(_provider.Token()))["user"]!;
        Assert.Equal("ada@example.org", (string?)user["username"]);
        Assert.Equal("""["corp:a","corp:b","system:authenticated"]""", user["groups"]!.ToJsonString());
        _provider.Claims["email_verified"] = false;
        await RefusedAsync("email not verified");
        _provider.Claims["email_verified"] = true;
        _provider.Claims["teams"] = 7;
        await RefusedAsync("it is no list of names");
        _provider.Claims["teams"] = "one";
        Assert.Contains("corp:one", (await ReviewAsync(_provider.Token()))["user"]!["groups"]!.ToJsonString(), StringComparison.Ordinal);
        _provider.Claims["sub"] = "2";
        await RefusedAsync("required claim sub");
    }

    [Fact]
    public async Task No_name_of_the_provider_is_one_of_kubernetes_own()
    {
        _provider.Claims["groups"] = new JsonArray("system:masters");
        await StartAsync(static o => o with { UsernamePrefix = OidcIssuer.NoPrefix, GroupsClaim = "groups" });
        await RefusedAsync("system:masters");
        _provider.Claims = new JsonObject { ["sub"] = "system:admin" };
        await RefusedAsync("system:admin");
        _provider.Claims = new JsonObject { ["sub"] = "bob" };
        Assert.Equal("bob", (string?)(await ReviewAsync(_provider.Token()))["user"]!["username"]);
    }

    [Fact]
    public async Task What_proves_nothing_is_refused_and_says_why()
    {
        await StartAsync();
        var good = _provider.Key;
        _provider.Told = [good];
        foreach (var (spoil, why) in new (Action<JsonObject>, string)[]
        {
            (static c => c["aud"] = "another", "(aud)"),
            (static c => c["aud"] = new JsonArray("a", "b"), "(aud)"),
            (static c => c.Remove("aud"), "(aud)"),
            (c => c["exp"] = _time.GetUtcNow().ToUnixTimeSeconds(), "expired"),
            (static c => c.Remove("exp"), "expired"),
            (c => c["nbf"] = _time.GetUtcNow().AddMinutes(6).ToUnixTimeSeconds(), "not valid yet"),
            (static c => c.Remove("sub"), "claim not present"),
        })
        {
            _provider.Spoil = spoil;
            await RefusedAsync(why);
        }

        _provider.Spoil = static c => c["iss"] = "https://other.example";
        await RefusedAsync("invalid bearer token");
        _provider.Spoil = static _ => { };
        foreach (var (key, why) in new[] { (PlayedKey.None("first"), "signature"), (PlayedKey.Confused(good), "signature"), (PlayedKey.Rsa("first"), "signature"), (PlayedKey.Rsa("unknown"), "none of the provider's") })
        {
            _provider.Key = key;
            await RefusedAsync(why);
        }

        _provider.Key = good;
        var token = _provider.Token();
        var claims = token.Split('.');
        (await AsAsync($"{claims[0]}.{claims[1]}.{claims[2][..^4]}AAAA", "/apis")).ExpectStatus(401, "Unauthorized");
        (await AsAsync(token, "/apis")).Expect(HttpStatusCode.OK);
        _time.Advance(_provider.Life);
        (await AsAsync(token, "/apis")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task New_keys_are_found_and_made_up_ones_ask_the_provider_no_oftener()
    {
        await StartAsync();
        (await AsAsync(_provider.Token(), "/apis")).Expect(HttpStatusCode.OK);
        Assert.Equal(1, _provider.KeysRead);
        _provider.Key = PlayedKey.Elliptic("second");
        (await AsAsync(_provider.Token(), "/apis")).ExpectStatus(401, "Unauthorized");
        _time.Advance(TimeSpan.FromSeconds(10));
        (await AsAsync(_provider.Token(), "/apis")).Expect(HttpStatusCode.OK);
        Assert.Equal(2, _provider.KeysRead);
        _provider.Told = [_provider.Key];
        for (var i = 0; i < 5; i++)
        {
            _provider.Key = PlayedKey.Elliptic($"made-up-{i}");
            (await AsAsync(_provider.Token(), "/apis")).ExpectStatus(401, "Unauthorized");
        }

        Assert.Equal(2, _provider.KeysRead);
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_of_no_use_after_an_hour_and_a_provider_that_is_down_signs_nobody_out()
    {
        _provider.Life = TimeSpan.FromHours(9);
        await StartAsync();
        var token = _provider.Token();
        (await AsAsync(token, "/apis")).Expect(HttpStatusCode.OK);
        _provider.Down = true;
        _time.Advance(TimeSpan.FromHours(2));
        (await AsAsync(token, "/apis")).Expect(HttpStatusCode.OK);
        _provider.Down = false;
        _provider.Key = PlayedKey.Rsa("second");
        _time.Advance(TimeSpan.FromHours(1));
        (await AsAsync(token, "/apis")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task A_provider_that_is_down_at_the_start_is_asked_again()
    {
        _provider.Down = true;
        await StartAsync();
        await RefusedAsync("the provider does not answer");
        _provider.Down = false;
        await RefusedAsync("the provider does not answer");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((bool)(await ReviewAsync(_provider.Token()))["authenticated"]!);
    }

    private async Task StartAsync(Func<OidcIssuer, OidcIssuer>? told = null) => _server = await EmbeddedApiServer.StartAsync(
        new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"], Time = _time, Oidc = (told ?? (static o => o))(new OidcIssuer(_provider.Issuer, "slipway")) }, NullLoggerFactory.Instance, Token);

    private async Task RefusedAsync(string why)
    {
        var token = _provider.Token();
        (await AsAsync(token, "/apis")).ExpectStatus(401, "Unauthorized");
        var status = await ReviewAsync(token);
        Assert.Null(status["authenticated"]);
        Assert.Contains(why, (string?)status["error"], StringComparison.Ordinal);
    }

    private async Task<Answer> AsAsync(string token, string path)
    {
        using var client = TestServer.NewClient(_server!, null);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return await new Requester(client).GetAsync(path);
    }

    private async Task<JsonObject> ReviewAsync(string token)
    {
        using var client = TestServer.NewClient(_server!, _server!.AdminCertificate);
        var answer = await new Requester(client).PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", new JsonObject { ["spec"] = new JsonObject { ["token"] = token } }.ToJsonString());
        return answer.Expect(HttpStatusCode.Created).At("status")!.AsObject();
    }
}
