using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Gateway.Keys;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator;
using Slipway.Testing;
using Slipway.Up;
using Slipway.Up.Page;
using Slipway.Web.Settings.Keys;

namespace Slipway.Tests.Up.Page;

/// <summary>Keys made on the page, at the API and at the gateway's lock.</summary>
public sealed class LiveKeysTests
{
    private static readonly Resource<CachedObject> s_namespaces = new("", "v1", "namespaces", "Namespace", false, KubeJson.Default.CachedObject, static n => n.Identity);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_opens_from_when_it_is_made_until_it_is_deleted_and_is_nowhere_but_with_its_owner()
    {
        using var folder = new TempDirectory();
        await using var api = await EmbeddedApiServer.StartAsync(new ApiServerOptions { DataDirectory = folder["api"], KubeconfigPath = folder["kubeconfig"] }, NullLoggerFactory.Instance, Token);
        using var connection = KubeConnection.WithCertificate(api.Address, api.CertificateAuthority, api.AdminCertificate);
        var client = new KubeClient(connection);
        await SlipwayOperator.InstallKindsAsync(client, Token);
        var check = new KeyCheck(null, TimeProvider.System);
        await using var namespaces = new Informer<CachedObject>(client, s_namespaces, TimeProvider.System, NullLogger<Informer<CachedObject>>.Instance);
        await using var locks = new GatewayKeys(client, namespaces, check, TimeProvider.System, NullLoggerFactory.Instance);
        namespaces.Start();
        await locks.ReadyAsync(Token);
        using var keys = new LiveKeys(client, locks, TimeProvider.System);

        var made = await keys.CreateAsync(new KeyDraft("default", "shop") { Models = ["a"], RequestsPerMinute = 60, Days = 90 }, Token);
        Assert.Null(made.Refusal);
        await UntilAsync(keys, () => keys.All.Count == 1);
        var key = keys.All.Single();
        Assert.Equal((KeyText.Digest(made.Text!), 60), (key.Spec.Digest, key.Spec.RequestsPerMinute));
        Assert.InRange(key.Spec.Expires!.Value, TimeProvider.System.GetUtcNow().AddDays(89), TimeProvider.System.GetUtcNow().AddDays(91));
        Assert.Contains(key.Spec.Digest, check.Current.Keys.Keys);

        Assert.Contains("already", (await keys.CreateAsync(new KeyDraft("default", "shop"), Token)).Refusal, StringComparison.Ordinal);
        Assert.Contains("metadata.name", (await keys.CreateAsync(new KeyDraft("default", "Not a name"), Token)).Refusal, StringComparison.Ordinal);
        Assert.NotNull((await keys.CreateAsync(new KeyDraft("nowhere", "shop"), Token)).Refusal);

        Assert.False(keys.Requires("default"));
        await client.MergePatchAsync(s_namespaces, new NamespacedName("", "default"), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["slipway.dev/keys"] = "required" } } }, "test", Token);
        await UntilAsync(keys, () => keys.Requires("default"));

        Assert.Null(await keys.DeleteAsync(key, Token));
        await UntilAsync(keys, () => keys.All.Count == 0);
        Assert.Contains("no key default/shop any more", await keys.DeleteAsync(key, Token), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Spec.Digest, check.Current.Keys.Keys);
    }

    private static async Task UntilAsync(LiveKeys keys, Func<bool> condition)
    {
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (condition()) come.TrySetResult();
        }

        keys.Changed += Look;
        Look();
        await come.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        keys.Changed -= Look;
    }
}
