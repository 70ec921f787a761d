using System.Net;
using k8s;
using k8s.Autorest;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using k8s.Models;

namespace Slipway.Kubernetes.Tests.Others;

/// <summary>The embedded API with a client that others wrote: the KubernetesClient package, unchanged.</summary>
public sealed class KubernetesClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Typed_objects_are_created_read_replaced_patched_and_deleted()
    {
        await using var api = await LiveApi.StartAsync();
        using var client = Connect(api);
        Assert.Contains("default", (await client.CoreV1.ListNamespaceAsync(cancellationToken: Token)).Items.Select(n => n.Metadata.Name));

        var map = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a" }, Data = new Dictionary<string, string> { ["key"] = "1" } };
        var created = await client.CoreV1.CreateNamespacedConfigMapAsync(map, "default", cancellationToken: Token);
        Assert.NotNull(created.Metadata.Uid);

        created.Data["key"] = "2";
        var replaced = await client.CoreV1.ReplaceNamespacedConfigMapAsync(created, "a", "default", cancellationToken: Token);
        var conflict = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReplaceNamespacedConfigMapAsync(created, "a", "default", cancellationToken: Token));
        Assert.Equal(HttpStatusCode.Conflict, conflict.Response.StatusCode);
        Assert.NotEqual(created.Metadata.ResourceVersion, replaced.Metadata.ResourceVersion);

        var patch = new V1Patch("""{"data":{"more":"3"}}""", V1Patch.PatchType.MergePatch);
        var patched = await client.CoreV1.PatchNamespacedConfigMapAsync(patch, "a", "default", cancellationToken: Token);
        Assert.Equal(["key", "more"], patched.Data.Keys.Order());

        await client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", cancellationToken: Token);
        var gone = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: Token));
        Assert.Equal(HttpStatusCode.NotFound, gone.Response.StatusCode);
    }

    [Fact]
    public async Task Its_watch_sees_what_happens()
    {
        await using var api = await LiveApi.StartAsync();
        using var client = Connect(api);
        var list = await client.CoreV1.ListNamespacedSecretAsync("default", cancellationToken: Token);
        var watch = client.CoreV1.WatchListNamespacedSecretAsync("default", resourceVersion: list.Metadata.ResourceVersion, cancellationToken: Token);
        var seen = new List<(WatchEventType, string)>();
        var watching = Task.Run(
            async () =>
            {
                await foreach (var (type, secret) in watch)
                {
                    seen.Add((type, secret.Metadata.Name));
                    if (type is WatchEventType.Deleted) return;
                }
            },
            Token);

        await client.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "s" } }, "default", cancellationToken: Token);
        await client.CoreV1.PatchNamespacedSecretAsync(new V1Patch("""{"stringData":{"a":"b"}}""", V1Patch.PatchType.MergePatch), "s", "default", cancellationToken: Token);
        await client.CoreV1.DeleteNamespacedSecretAsync("s", "default", cancellationToken: Token);
        await watching.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Equal([(WatchEventType.Added, "s"), (WatchEventType.Modified, "s"), (WatchEventType.Deleted, "s")], seen);
    }

    [Fact]
    public async Task Its_generic_client_speaks_to_custom_resources()
    {
        await using var api = await LiveApi.StartAsync();
        using var client = Connect(api);
        await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(Crd(), cancellationToken: Token);
        using var boats = new GenericClient(client, "test.dev", "v1", "boats", disposeClient: false);
        await boats.CreateNamespacedAsync(new Boat { ApiVersion = "test.dev/v1", Kind = "Boat", Metadata = new V1ObjectMeta { Name = "a" }, Spec = new() { Length = 7 } }, "default", Token);
        Assert.Equal(7, (await boats.ReadNamespacedAsync<Boat>("default", "a", Token)).Spec!.Length);
    }

    [Fact]
    public async Task Its_leader_election_elects_one_leader()
    {
        await using var api = await LiveApi.StartAsync();
        using var client = Connect(api);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var elected = new TaskCompletionSource<string>();
        var election = new LeaderElector(new LeaderElectionConfig(new LeaseLock(client, "default", "lock", "me"))
        {
            LeaseDuration = TimeSpan.FromSeconds(5),
            RenewDeadline = TimeSpan.FromSeconds(4),
            RetryPeriod = TimeSpan.FromMilliseconds(100),
        });
        election.OnNewLeader += leader => elected.TrySetResult(leader);
        var running = election.RunUntilLeadershipLostAsync(stop.Token);
        Assert.Equal("me", await elected.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token));
        Assert.Equal("me", (await client.CoordinationV1.ReadNamespacedLeaseAsync("lock", "default", cancellationToken: Token)).Spec.HolderIdentity);
        await stop.CancelAsync();
        await Task.WhenAny(running);
    }

    private static k8s.Kubernetes Connect(LiveApi api) => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(api.Kubeconfig));

    private static V1CustomResourceDefinition Crd() => new()
    {
        Metadata = new V1ObjectMeta { Name = "boats.test.dev" },
        Spec = new V1CustomResourceDefinitionSpec
        {
            Group = "test.dev",
            Scope = "Namespaced",
            Names = new V1CustomResourceDefinitionNames { Kind = "Boat", Plural = "boats", Singular = "boat" },
            Versions =
            [
                new V1CustomResourceDefinitionVersion
                {
                    Name = "v1",
                    Served = true,
                    Storage = true,
                    Schema = new V1CustomResourceValidation
                    {
                        OpenAPIV3Schema = new V1JSONSchemaProps
                        {
                            Type = "object",
                            Properties = new Dictionary<string, V1JSONSchemaProps>
                            {
                                ["spec"] = new()
                                {
                                    Type = "object",
                                    Properties = new Dictionary<string, V1JSONSchemaProps> { ["length"] = new() { Type = "integer" } },
                                },
                            },
                        },
                    },
                },
            ],
        },
    };

    public sealed class Boat : IKubernetesObject<V1ObjectMeta>
    {
        [System.Text.Json.Serialization.JsonPropertyName("apiVersion")]
        public string? ApiVersion { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("kind")]
        public string? Kind { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("metadata")]
        public V1ObjectMeta Metadata { get; set; } = new();

        [System.Text.Json.Serialization.JsonPropertyName("spec")]
        public BoatSpec? Spec { get; set; }
    }

    public sealed class BoatSpec
    {
        [System.Text.Json.Serialization.JsonPropertyName("length")]
        public int Length { get; set; }
    }
}
