using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

/// <summary>Tokens of service accounts, as any server answers them.</summary>
public sealed class TokenTests(TestServer server)
{
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string Self = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    [Fact]
    public async Task A_token_says_who_it_is_for()
    {
        var ns = await server.NamespaceAsync();
        var uid = await server.AccountAsync(ns, "bot");
        var answer = (await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot/token", """{"spec":{"expirationSeconds":700}}""")).Expect(HttpStatusCode.Created);
        Assert.Equal(("TokenRequest", "authentication.k8s.io/v1"), (answer.Text("kind"), answer.Text("apiVersion")));
        Assert.Equal(("bot", ns, "700"), (answer.Text("metadata.name"), answer.Text("metadata.namespace"), answer.Text("spec.expirationSeconds")));
        var claims = Requesters.Claims(answer.Text("status.token")!);
        Assert.Equal($"system:serviceaccount:{ns}:bot", (string?)claims["sub"]);
        Assert.Equal(answer.At("spec.audiences")!.ToJsonString(), claims["aud"]!.ToJsonString());
        Assert.Equal(700, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal((long)claims["nbf"]!, (long)claims["iat"]!);
        Assert.Equal(uid, (string?)claims["kubernetes.io"]!["serviceaccount"]!["uid"]);
        Assert.Equal(ns, (string?)claims["kubernetes.io"]!["namespace"]);
        Assert.True(Guid.TryParse((string?)claims["jti"], out _));

        var me = (await server.WithToken(answer.Text("status.token")!).PostAsync(Self, """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""")).Expect(HttpStatusCode.Created);
        Assert.Equal($"system:serviceaccount:{ns}:bot", me.Text("status.userInfo.username"));
        Assert.Equal(uid, me.Text("status.userInfo.uid"));
        Assert.Equal($"""["system:serviceaccounts","system:serviceaccounts:{ns}","system:authenticated"]""", me.At("status.userInfo.groups")!.ToJsonString());
        Assert.Equal("JTI=" + (string?)claims["jti"], (string?)me.At("status.userInfo.extra")!["authentication.kubernetes.io/credential-id"]![0]);
    }

    [Fact]
    public async Task A_token_opens_what_a_role_gives_to_its_account()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var bot = server.WithToken(await server.TokenAsync(ns, "bot"));
        var refused = await bot.GetAsync($"/api/v1/namespaces/{ns}/pods");
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($"pods is forbidden: User \"system:serviceaccount:{ns}:bot\" cannot list resource \"pods\" in API group \"\" in the namespace \"{ns}\"", refused.Message);
        await server.GrantAsync(ns, """[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]""", """{"kind":"ServiceAccount","name":"bot"}""");
        (await bot.GetAsync($"/api/v1/namespaces/{ns}/pods")).Expect(HttpStatusCode.OK);
        (await bot.GetAsync($"/api/v1/namespaces/{ns}/secrets")).ExpectStatus(403, "Forbidden");
    }

    [Fact]
    public async Task A_token_dies_with_its_account_even_when_another_takes_the_name()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var bot = server.WithToken(await server.TokenAsync(ns, "bot"));
        (await bot.GetAsync("/apis")).Expect(HttpStatusCode.OK);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot");
        await bot.UntilUnauthorizedAsync();
        await server.AccountAsync(ns, "bot");
        (await bot.GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task A_token_dies_with_the_secret_or_pod_that_it_is_bound_to()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        await server.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"s"}}""");
        await server.PostAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"bot","containers":[{"name":"c","image":"i"}]}}""");
        foreach (var (kind, name) in ((string, string)[])[("Secret", "s"), ("Pod", "p")])
        {
            var token = await server.TokenAsync(ns, "bot", $$"""{"boundObjectRef":{"kind":"{{kind}}","apiVersion":"v1","name":"{{name}}"} }""");
            Assert.Equal(name, (string?)Requesters.Claims(token)["kubernetes.io"]![kind.ToLowerInvariant()]!["name"]);
            (await server.WithToken(token).GetAsync("/apis")).Expect(HttpStatusCode.OK);
            await server.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{ns}/{kind.ToLowerInvariant()}s/{name}?gracePeriodSeconds=0", null);
            await server.WithToken(token).UntilUnauthorizedAsync();
        }
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var path = $"/api/v1/namespaces/{ns}/serviceaccounts/bot/token";
        var quick = await server.PostAsync(path, """{"spec":{"expirationSeconds":599}}""");
        quick.ExpectStatus(422, "Invalid");
        Assert.Equal("TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes", quick.Message);
        (await server.PostAsync(path, """{"spec":{"expirationSeconds":4294967297}}""")).ExpectStatus(422, "Invalid");
        (await server.PostAsync(path.Replace("/bot/", "/none/", StringComparison.Ordinal), "{}")).ExpectStatus(404, "NotFound");
        (await server.PostAsync(path, """{"metadata":{"name":"other"}}""")).ExpectStatus(422, "Invalid");
        (await server.PostAsync(path, """{"spec":{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"none"}}}""")).ExpectStatus(404, "NotFound");
        (await server.PostAsync(path, """{"spec":{"boundObjectRef":{"kind":"ConfigMap","apiVersion":"v1","name":"m"}}}""")).ExpectStatus(400, "BadRequest");
        await server.PostAsync($"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"default","containers":[{"name":"c","image":"i"}]}}""");
        var others = await server.PostAsync(path, """{"spec":{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}}""");
        others.ExpectStatus(400, "BadRequest");
        Assert.Equal("cannot bind token for serviceaccount \"bot\" to pod running with different serviceaccount name.", others.Message);
        await server.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"s"}}""");
        (await server.PostAsync(path, """{"spec":{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s","uid":"other"}}}""")).ExpectStatus(409, "Conflict");
    }

    [Fact]
    public async Task What_was_changed_or_signed_by_nobody_is_refused()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var token = await server.TokenAsync(ns, "bot");
        var parts = token.Split('.');
        var claims = Requesters.Claims(token);
        claims["sub"] = "system:serviceaccount:kube-system:default";
        var changed = Encode(claims.ToJsonString());
        var none = Encode("""{"alg":"none"}""");
        (await server.WithToken(token).GetAsync("/apis")).Expect(HttpStatusCode.OK);
        foreach (var bad in (string[])[$"{parts[0]}.{changed}.{parts[2]}", $"{none}.{parts[1]}.", $"{none}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}", parts[1], "x", token + "x"])
        {
            (await server.WithToken(bad).GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
            (await server.WithToken(bad).GetAsync("/healthz")).ExpectStatus(401, "Unauthorized");
            var review = (await server.PostAsync(Reviews, Review(bad))).Expect(HttpStatusCode.Created);
            Assert.Null(review.At("status.authenticated"));
            Assert.Contains("invalid bearer token", review.Text("status.error")!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_audience_is_checked_where_it_matters()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var token = await server.TokenAsync(ns, "bot", """{"audiences":["vault","other"]}""");
        (await server.WithToken(token).GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
        Assert.Null((await server.PostAsync(Reviews, Review(token))).At("status.authenticated"));
        var review = (await server.PostAsync(Reviews, Review(token, "\"vault\",\"third\""))).Expect(HttpStatusCode.Created);
        Assert.Equal("true", review.Text("status.authenticated"));
        Assert.Equal("""["vault"]""", review.At("status.audiences")!.ToJsonString());
        Assert.Equal($"system:serviceaccount:{ns}:bot", review.Text("status.user.username"));
        Assert.Null((await server.PostAsync(Reviews, Review(token, "\"third\""))).At("status.authenticated"));
        (await server.PostAsync(Reviews, """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{}}""")).ExpectStatus(400, "BadRequest");
    }

    [Fact]
    public async Task A_token_is_made_only_for_those_who_may()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var refused = await server.As("jane").PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot/token", "{}");
        refused.ExpectStatus(403, "Forbidden");
        Assert.Equal($"serviceaccounts \"bot\" is forbidden: User \"jane\" cannot create resource \"serviceaccounts/token\" in API group \"\" in the namespace \"{ns}\"", refused.Message);
        (await server.GetAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot/token")).ExpectStatus(405, "MethodNotAllowed");
    }

    [Fact]
    public async Task The_issuer_tells_how_to_check_its_tokens()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        var token = await server.TokenAsync(ns, "bot");
        var bot = server.WithToken(token);
        var configuration = (await bot.GetAsync("/.well-known/openid-configuration")).Expect(HttpStatusCode.OK);
        Assert.Equal((string?)Requesters.Claims(token)["iss"], configuration.Text("issuer"));
        var keys = (await bot.GetAsync("/openid/v1/jwks")).Expect(HttpStatusCode.OK);
        Assert.Equal("application/jwk-set+json", keys.ContentType);
        var header = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]))!;
        Assert.Contains((string)header["kid"]!, ((JsonArray)keys.At("keys")!).Select(k => (string?)k!["kid"]));
        (await server.As("jane").GetAsync("/openid/v1/jwks")).ExpectStatus(403, "Forbidden");
    }

    private static string Review(string token, string audiences = "") =>
        $$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"{{token}}","audiences":[{{audiences}}]} }""";

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
