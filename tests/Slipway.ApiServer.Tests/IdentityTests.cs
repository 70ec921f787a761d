using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.ApiServer.Tests;

/// <summary>Certificates, time and restarts: what only a server of one's own shows.</summary>
public sealed class IdentityTests(TestServer server)
{
    private const string Self = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    [Fact]
    public async Task A_made_certificate_is_its_user()
    {
        using var certificate = server.Server.CreateClientCertificate("Jane, \"the\" O=x", "dev", "ops+more");
        using var client = TestServer.NewClient(server.Server, certificate);
        var me = (await new Requester(client).PostAsync(Self, "{}")).Expect(HttpStatusCode.Created);
        Assert.Equal("Jane, \"the\" O=x", me.Text("status.userInfo.username"));
        Assert.Equal("""["dev","ops+more","system:authenticated"]""", me.At("status.userInfo.groups")!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.StartsWith("X509SHA256=", (string?)me.At("status.userInfo.extra")!["authentication.kubernetes.io/credential-id"]![0], StringComparison.Ordinal);
        (await new Requester(client).GetAsync("/api/v1/pods")).ExpectStatus(403, "Forbidden");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=system:masters, CN=mallory", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var client = TestServer.NewClient(server.Server, certificate);
        (await new Requester(client).GetAsync("/api/v1/pods")).ExpectStatus(401, "Unauthorized");
        (await new Requester(client).GetAsync("/healthz")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task A_certificate_ends_while_its_connection_lives()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = new TestServer { Time = time };
        await own.StartAsync();
        using var certificate = own.Server.CreateClientCertificate("jane", ["system:masters"], TimeSpan.FromHours(1));
        using var client = TestServer.NewClient(own.Server, certificate);
        (await new Requester(client).GetAsync("/api/v1/pods")).Expect(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromMinutes(61));
        (await new Requester(client).GetAsync("/api/v1/pods")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var own = new TestServer { Time = time };
        await own.StartAsync();
        await own.AccountAsync("default", "bot");
        var token = await own.TokenAsync("default", "bot", """{"expirationSeconds":600}""");
        time.Advance(TimeSpan.FromSeconds(600));
        (await own.WithToken(token).GetAsync("/apis")).Expect(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromSeconds(61));
        (await own.WithToken(token).GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
        var review = await own.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$"""{"spec":{"token":"{{token}}"} }""");
        Assert.Equal("[invalid bearer token, service account token has expired]", review.Text("status.error"));
    }

    [Fact]
    public async Task A_token_that_was_just_used_ends_at_once_with_its_account_and_with_what_it_is_bound_to()
    {
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        await server.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"s"}}""");
        var bound = server.WithToken(await server.TokenAsync(ns, "bot", """{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s"}}"""));
        var free = server.WithToken(await server.TokenAsync(ns, "bot"));
        (await bound.GetAsync("/apis")).Expect(HttpStatusCode.OK);
        (await free.GetAsync("/apis")).Expect(HttpStatusCode.OK);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/secrets/s");
        (await bound.GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
        (await free.GetAsync("/apis")).Expect(HttpStatusCode.OK);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot");
        (await free.GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
    }

    [Fact]
    public async Task The_token_of_a_pod_that_asks_as_pods_do_lasts_longer_than_it_says()
    {
        await using var own = new TestServer();
        await own.StartAsync();
        await own.AccountAsync("default", "bot");
        await own.PostAsync("/api/v1/namespaces/default/pods", """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"bot","containers":[{"name":"c","image":"i"}]}}""");
        var claims = Requesters.Claims(await own.TokenAsync("default", "bot", """{"expirationSeconds":3607,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}"""));
        Assert.Equal(365 * 24 * 3600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal(3607, (long)claims["kubernetes.io"]!["warnafter"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task Tokens_and_rights_survive_a_restart_and_lost_defaults_come_back()
    {
        await using var own = new TestServer();
        await own.StartAsync();
        await own.AccountAsync("default", "bot");
        var token = await own.TokenAsync("default", "bot");
        await own.GrantAsync("default", """[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]""", """{"kind":"ServiceAccount","name":"bot"}""");
        await own.DeleteAsync(Requesters.Rbac + "/clusterroles/view");
        await own.MergeAsync(Requesters.Rbac + "/clusterroles/system:basic-user", """{"rules":[]}""");
        await own.MergeAsync(Requesters.Rbac + "/clusterrolebindings/system:discovery", """{"subjects":[]}""");
        await own.MergeAsync(Requesters.Rbac + "/clusterrolebindings/system:monitoring", """{"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"false"}},"subjects":[]}""");
        (await own.WithToken(token).GetAsync("/apis")).ExpectStatus(403, "Forbidden");
        await own.StopAsync();
        await own.StartAsync();
        (await own.WithToken(token).GetAsync("/api/v1/namespaces/default/pods")).Expect(HttpStatusCode.OK);
        (await own.WithToken(token).GetAsync("/apis")).Expect(HttpStatusCode.OK);
        (await own.WithToken(token).PostAsync(Self, "{}")).Expect(HttpStatusCode.Created);
        Assert.NotEmpty((await own.GetAsync(Requesters.Rbac + "/clusterroles/view")).At("rules")!.AsArray());
        Assert.Empty((await own.GetAsync(Requesters.Rbac + "/clusterrolebindings/system:monitoring")).At("subjects")!.AsArray());
    }

    [Fact]
    public async Task Nobody_sees_health_and_version_and_a_refusal_of_the_rest()
    {
        foreach (var open in (string[])["/healthz", "/livez", "/readyz", "/version"]) (await server.Nobody().GetAsync(open)).Expect(HttpStatusCode.OK);
        foreach (var (path, message) in ((string, string)[])[
            ("/api", "forbidden: User \"system:anonymous\" cannot get path \"/api\""),
            ("/readyz/ping", "forbidden: User \"system:anonymous\" cannot get path \"/readyz/ping\""),
            ("/api/v1/namespaces", "namespaces is forbidden: User \"system:anonymous\" cannot list resource \"namespaces\" in API group \"\" at the cluster scope")])
        {
            var refused = await server.Nobody().GetAsync(path);
            refused.ExpectStatus(403, "Forbidden");
            Assert.Equal(message, refused.Message);
        }
    }

    [Fact]
    public async Task A_good_token_beside_a_bad_certificate_enters_and_a_bad_certificate_alone_does_not()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var client = TestServer.NewClient(server.Server, certificate);
        var ns = await server.NamespaceAsync();
        await server.AccountAsync(ns, "bot");
        (await new Requester(client, ("Authorization", "Bearer " + await server.TokenAsync(ns, "bot"))).GetAsync("/apis")).Expect(HttpStatusCode.OK);
        (await new Requester(client).GetAsync("/apis")).ExpectStatus(401, "Unauthorized");
    }
}
