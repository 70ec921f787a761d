using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Web;

/// <summary>People at one page, each with the rights that the cluster gives them.</summary>
[Trait("Speed", "slow")]
public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_people_see_and_do_what_they_may_with_kubectl_and_nothing_of_each_other()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token, "--web-access");
        Assert.Contains("create token NAME", slipway.Output, StringComparison.Ordinal);
        var (alice, bob) = (await TeamAsync(slipway, "team-a", "edit"), await TeamAsync(slipway, "team-b", "view"));
        using var a = Client(slipway.Web, alice);
        using var b = Client(slipway.Web, bob);
        foreach (var (client, own, other) in new[] { (a, "team-a", "team-b"), (b, "team-b", "team-a") })
        {
            var list = "";
            await Eventually.TrueAsync(async () => ((list = await client.GetStringAsync("deployments", Token)).Contains($"of-{own}", StringComparison.Ordinal), list), TimeSpan.FromSeconds(60));
            Assert.DoesNotContain($"of-{other}", list, StringComparison.Ordinal);
            Assert.Contains($"There is no deployment of-{other} in {other}", await client.GetStringAsync($"deployments/{other}/of-{other}", Token), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"api/v1/deployments/{other}/of-{other}/history"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, $"api/v1/deployments/{own}/of-{own}/history"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, "api/v1/capacity"));
        }

        Assert.DoesNotContain("You may not", await a.GetStringAsync("deployments/team-a/of-team-a", Token), StringComparison.Ordinal);
        var seen = await b.GetStringAsync("deployments/team-b/of-team-b", Token);
        foreach (var verb in new[] { "delete", "patch", "update" }) Assert.Contains($"You may not {verb} modeldeployments.airunway.ai in the namespace team-b", seen, StringComparison.Ordinal);

        using var nobody = new HttpClient { BaseAddress = slipway.Web };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(nobody, "api/v1/prices"));
        Assert.Contains("<h1 id=\"title\">Sign in</h1>", await nobody.GetStringAsync("deployments", Token), StringComparison.Ordinal);
        Assert.Contains("\"event\":\"sign-in\",\"user\":\"system:serviceaccount:team-a:person\"", slipway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(alice, slipway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_the_page_is_there_by_its_name_over_TLS()
    {
        using var folder = new TempDirectory();
        var pem = folder.Write("tls.pem", System.Text.Encoding.ASCII.GetBytes(SelfSigned()));
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token, "--web-address", "0.0.0.0", "--web-host", "localhost.example", "--web-certificate", pem);
        Assert.Equal(("https", "localhost.example"), (slipway.Web.Scheme, slipway.Web.Host));
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate!.Subject == "CN=localhost.example" },
            ConnectCallback = async (context, stop) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, stop);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = slipway.Web };
        using var page = await client.GetAsync("deployments", Token);
        Assert.Equal("/sign-in?return=%2Fdeployments", page.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "sign-in"));
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "sign-in") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(wrong, Token)).StatusCode);
    }

    [Theory]
    [InlineData("--web-address 192.0.2.1", "Give --web-certificate FILE")]
    [InlineData("--web-address 0.0.0.0 --web-certificate none.pem", "Give it with --web-host NAME")]
    [InlineData("--web-host a.example --web-certificate none.pem", "none.pem cannot be used")]
    [InlineData("--web-key none.pem", "--web-certificate FILE")]
    [InlineData("--web-host https://a.example", "without scheme and port")]
    [InlineData("--web-address everywhere", "takes an IP address")]
    public async Task The_page_is_not_opened_in_a_way_that_is_not_safe(string options, string said)
    {
        using var folder = new TempDirectory();
        var result = await SlipwayProcess.RunOnAsync(folder["x"], ["up", "--no-browser", .. options.Split(' ')]);
        Assert.False(result.Succeeded);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A namespace with a deployment that is stopped, and an account there.</summary>
    /// <returns>The account's token.</returns>
    private static async Task<string> TeamAsync(SlipwayProcess slipway, string space, string role)
    {
        await slipway.KubectlOkAsync("create", "namespace", space);
        await slipway.KubectlOkAsync("create", "serviceaccount", "person", "-n", space);
        await slipway.KubectlOkAsync("create", "role", "models", "-n", space, $"--verb={(role == "edit" ? "get,list,watch,create,update,patch,delete" : "get,list,watch")}", "--resource=modeldeployments.airunway.ai,modelrollouts.slipway.dev");
        await slipway.KubectlOkAsync("create", "rolebinding", "models", "-n", space, "--role=models", $"--serviceaccount={space}:person");
        var deployed = await slipway.RunAsync("deploy", "slipway/tiny-chat", "--name", $"of-{space}", "--namespace", space, "--replicas", "0", "--no-wait");
        Assert.True(deployed.Succeeded, deployed.Errors);
        return (await slipway.KubectlOkAsync("create", "token", "person", "-n", space)).Trim();
    }

    private static HttpClient Client(Uri web, string token) => new() { BaseAddress = web, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Token);
        return response.StatusCode;
    }

    private static string SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost.example", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
