using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Models.Store;
using Slipway.Operating;
using Slipway.Operator.Admission;
using Slipway.Operator.Install;
using Slipway.Runtimes;
using Slipway.Testing;

namespace Slipway.Tests.Operating;

/// <summary>The webhook before an API server, with the objects of `slipway install`, but that the API server finds it by a URL.</summary>
public sealed class AdmissionTests : IAsyncLifetime
{
    private const string Namespace = "slipway-system", Hook = "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/slipway";

    // Sixty days ago and a little: a certificate of then is renewed now, and what is made now has begun for the API server, whose clock is the real one.
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(60) - TimeSpan.FromMinutes(5));
    private readonly TempDirectory _folder = new();
    private EmbeddedApiServer? _api;
    private KubeConnection? _connection;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await EmbeddedApiServer.StartAsync(new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"] }, NullLoggerFactory.Instance, Token);
        _connection = KubeConnection.WithCertificate(_api.Address, _api.CertificateAuthority, _api.AdminCertificate);
        await Installer.ApplyAsync(Client, Manifests.All(new InstallOptions { Namespace = Namespace, Runtimes = ClusterRuntimes.All() }), Token);
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        if (_api is not null) await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_wrong_manifest_is_refused_by_name_and_a_right_one_is_stored()
    {
        await using var server = await StartAsync();
        await FindAsync(server);
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => ApplyAsync("wrong", """{"model":{"id":"org/model"},"scaling":{"replicas":5}}"""));
        Assert.Equal(422, (int)refused.Code);
        Assert.Contains("admission webhook \"admission.slipway.dev\" denied the request: spec.scaling.replicas: asks for 5 replicas", refused.Message, StringComparison.Ordinal);
        await ApplyAsync("right", """{"model":{"id":"org/model"},"scaling":{"replicas":2}}""");
        var scale = new StringContent("""{"spec":{"replicas":5}}""", null, "application/merge-patch+json");
        using var scaled = await _connection!.Http.PatchAsync("apis/airunway.ai/v1alpha1/namespaces/default/modeldeployments/right/scale", scale, Token);
        Assert.Contains("spec.replicas: asks for 5 replicas", await scaled.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_renewed_by_one_of_two_processes_while_no_request_fails()
    {
        await (await StartAsync()).DisposeAsync();
        // Ten seconds before it is due, so that the next look of either process is the one that finds it so, and not one of many at once.
        _time.Advance(TimeSpan.FromDays(60) - TimeSpan.FromSeconds(10));
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Assert.Equal(first.Certificate, second.Certificate);
        var before = first.Certificate;
        // Each for twenty requests by turns; with Fail, a request that the webhook cannot answer fails.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = 0;
        await FindAsync(first);
        var asking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (asked++ % 20 == 0) await FindAsync(asked % 40 == 1 ? first : second);
                await ApplyAsync("asked", $$"""{"model":{"id":"org/model"},"scaling":{"replicas":{{asked % 3}} } }""");
            }
        }, Token);

        // Half a minute passes here in no time; it is long enough for the API server to hear of the authority, which some requests stand for.
        var looked = asked;
        await Running.Eventually.TrueAsync(
            () =>
            {
                if (asked > looked + 20)
                {
                    looked = asked;
                    _time.Advance(TimeSpan.FromSeconds(30));
                }

                return Task.FromResult(((first.Certificate != before && second.Certificate == first.Certificate) || asking.IsFaulted, $"{asked} requests"));
            },
            TimeSpan.FromSeconds(60));
        var after = asked;
        await Running.Eventually.TrueAsync(() => Task.FromResult((asked > after + 50 || asking.IsFaulted, $"{asked - after} requests, {asking.Exception}")), TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await asking;

        // What the API server knew before is still known, for a process that is behind.
        var hook = JsonNode.Parse(await _connection!.Http.GetStringAsync(Hook, Token))!;
        Assert.Equal(2, System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)hook["webhooks"]![0]!["clientConfig"]!["caBundle"]!)).Split("BEGIN CERTIFICATE").Length - 1);
    }

    [Fact]
    public async Task Without_the_Secret_it_says_who_makes_it()
    {
        (await _connection!.Http.DeleteAsync($"api/v1/namespaces/{Namespace}/secrets/slipway-webhook", Token)).EnsureSuccessStatusCode();
        var failure = await Assert.ThrowsAsync<Commands.CommandFailure>(StartAsync);
        Assert.Contains("`slipway install` makes it", failure.Message, StringComparison.Ordinal);
    }

    private KubeClient Client => new(_connection!);

    private Task<AdmissionServer> StartAsync()
    {
        var options = new OperatorOptions(Client, ClusterRuntimes.All(), null, "test", new Uri("http://127.0.0.1:0"), new ModelStoreOptions { CacheDirectory = _folder["hub"] }) { Ceilings = new Ceilings(4) };
        return AdmissionServer.StartAsync(new AdmissionEndpoint(new Uri("https://127.0.0.1:0"), Namespace), options, NullLoggerFactory.Instance, _time, Token);
    }

    // The Service's name leads nowhere here.
    private async Task FindAsync(AdmissionServer server)
    {
        var patch = $$"""[{"op":"add","path":"/webhooks/0/clientConfig/service","value":null},{"op":"add","path":"/webhooks/0/clientConfig/url","value":"{{server.Address}}validate"},{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Fail"}]""";
        (await _connection!.Http.PatchAsync(Hook, new StringContent(patch, null, "application/json-patch+json"), Token)).EnsureSuccessStatusCode();
    }

    private Task ApplyAsync(string name, string spec) => Client.ApplyRawAsync(
        $"apis/airunway.ai/v1alpha1/namespaces/default/modeldeployments/{name}",
        System.Text.Encoding.UTF8.GetBytes($$"""{"apiVersion":"airunway.ai/v1alpha1","kind":"ModelDeployment","metadata":{"name":"{{name}}"},"spec":{{spec}} }"""), "test", Token);
}
