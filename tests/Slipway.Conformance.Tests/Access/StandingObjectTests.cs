using System.Net;
using System.Text;
using Slipway.Conformance.Tests.Harness;

namespace Slipway.Conformance.Tests.Access;

/// <summary>What the controllers of a cluster keep in every namespace. A server without them does not pass these.</summary>
public sealed class StandingObjectTests(TestServer server)
{
    [Fact]
    public async Task Every_namespace_has_an_account_and_the_root_certificate()
    {
        var ns = await server.NamespaceAsync();
        var (account, map) = ($"/api/v1/namespaces/{ns}/serviceaccounts/default", $"/api/v1/namespaces/{ns}/configmaps/kube-root-ca.crt");
        var made = await server.UntilAsync(account, a => a.Code == HttpStatusCode.OK);
        var certificate = (await server.UntilAsync(map, a => a.Code == HttpStatusCode.OK)).At("data")!["ca.crt"]!.ToString();
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", certificate, StringComparison.Ordinal);
        await server.DeleteAsync(account);
        await server.UntilAsync(account, a => a.Code == HttpStatusCode.OK && a.Text("metadata.uid") != made.Text("metadata.uid"));
        await server.DeleteAsync(map);
        await server.UntilAsync(map, a => a.Code == HttpStatusCode.OK);
        await server.MergeAsync(map, """{"data":{"ca.crt":"wrong"}}""");
        await server.UntilAsync(map, a => a.At("data")!["ca.crt"]!.ToString() == certificate);
    }

    [Fact]
    public async Task A_namespace_with_its_standing_objects_ends()
    {
        var ns = await server.NamespaceAsync();
        (await server.DeleteAsync($"/api/v1/namespaces/{ns}")).Expect(HttpStatusCode.OK);
        await server.UntilAsync($"/api/v1/namespaces/{ns}", a => a.Code == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_secret_is_filled_and_dies_with_its_account()
    {
        var ns = await server.NamespaceAsync();
        var uid = await server.AccountAsync(ns, "bot");
        var secrets = $"/api/v1/namespaces/{ns}/secrets";
        (await server.PostAsync(secrets, """{"metadata":{"name":"t","annotations":{"kubernetes.io/service-account.name":"bot"}},"type":"kubernetes.io/service-account-token"}""")).Expect(HttpStatusCode.Created);
        var filled = await server.UntilAsync(secrets + "/t", a => a.Text("data.token") is not null);
        Assert.Equal(uid, (string?)filled.At("metadata.annotations")!["kubernetes.io/service-account.uid"]);
        Assert.Equal(ns, Encoding.UTF8.GetString(Convert.FromBase64String(filled.Text("data.namespace")!)));
        Assert.NotNull(filled.At("data")!["ca.crt"]);
        var token = Encoding.UTF8.GetString(Convert.FromBase64String(filled.Text("data.token")!));
        Assert.Equal("kubernetes/serviceaccount", (string?)Requesters.Claims(token)["iss"]);
        (await server.WithToken(token).GetAsync("/apis")).Expect(HttpStatusCode.OK);
        await server.DeleteAsync($"/api/v1/namespaces/{ns}/serviceaccounts/bot");
        await server.UntilAsync(secrets + "/t", a => a.Code == HttpStatusCode.NotFound);
        // A cluster remembers for some seconds that a token was good.
        await TestServer.EventuallyAsync(async () => (await server.WithToken(token).GetAsync("/apis")).Code == HttpStatusCode.Unauthorized, "the token is refused");
    }

    [Fact]
    public async Task A_token_secret_names_its_account()
    {
        var ns = await server.NamespaceAsync();
        var secrets = $"/api/v1/namespaces/{ns}/secrets";
        var refused = await server.PostAsync(secrets, """{"metadata":{"name":"t"},"type":"kubernetes.io/service-account-token"}""");
        refused.ExpectStatus(422, "Invalid");
        Assert.Equal("Secret \"t\" is invalid: metadata.annotations[kubernetes.io/service-account.name]: Required value", refused.Message);
        await server.PostAsync(secrets, """{"metadata":{"name":"lost","annotations":{"kubernetes.io/service-account.name":"nobody"}},"type":"kubernetes.io/service-account-token"}""");
        await server.UntilAsync(secrets + "/lost", a => a.Code == HttpStatusCode.NotFound);
    }
}
