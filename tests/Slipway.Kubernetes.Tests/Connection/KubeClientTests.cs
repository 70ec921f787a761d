using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Testing;

namespace Slipway.Kubernetes.Tests.Connection;

public sealed class KubeClientTests
{
    private static readonly NamespacedName s_a = new("default", "a");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_there_is_null_and_deleting_it_says_so()
    {
        await using var api = await LiveApi.StartAsync();
        Assert.Null(await api.Client.GetAsync(LiveApi.ConfigMaps, s_a, Token));
        Assert.False(await api.Client.DeleteAsync(LiveApi.ConfigMaps, s_a, Token));
    }

    [Fact]
    public async Task A_write_over_a_version_that_is_gone_is_a_conflict()
    {
        await using var api = await LiveApi.StartAsync();
        var first = await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "1"), Token);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = (string?)first["metadata"]!["resourceVersion"] },
            ["data"] = new JsonObject { ["key"] = "2" },
        };
        await api.Client.MergePatchAsync(LiveApi.ConfigMaps, s_a, patch, "test", Token);
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => api.Client.MergePatchAsync(LiveApi.ConfigMaps, s_a, patch, "test", Token));
        Assert.True(refused.IsConflict);
        Assert.Equal("Conflict", refused.Reason);
    }

    [Fact]
    public async Task A_field_that_does_not_exist_is_refused_by_name()
    {
        await using var api = await LiveApi.StartAsync();
        var wrong = LiveApi.ConfigMap("a", "1");
        wrong["dada"] = new JsonObject();
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => api.Client.ApplyAsync(LiveApi.ConfigMaps, wrong, "test", Token));
        Assert.Contains("dada", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_opens_the_same_API()
    {
        await using var api = await LiveApi.StartAsync();
        await api.Client.CreateAsync(LiveApi.ConfigMaps, LiveApi.ConfigMap("a", "1"), Token);
        using var connection = KubeConnection.FromKubeconfig(api.Kubeconfig);
        Assert.Equal("default", connection.DefaultNamespace);
        Assert.Single(await new KubeClient(connection).ListAsync(LiveApi.ConfigMaps, "default", Token), m => (string?)m["metadata"]!["name"] == "a");
    }

    [Fact]
    public async Task A_kubeconfig_with_a_token_is_who_the_token_says()
    {
        await using var api = await LiveApi.StartAsync();
        await api.Client.ApplyRawAsync("api/v1/namespaces/default/serviceaccounts/robot", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot"}}"""u8.ToArray(), "test", Token);
        using var asked = await api.Client.Connection.Http.PostAsync(
            "api/v1/namespaces/default/serviceaccounts/robot/token",
            new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""", null, "application/json"), Token);
        var token = (string)JsonNode.Parse(await asked.Content.ReadAsStringAsync(Token))!["status"]!["token"]!;
        var kubeconfig = Yaml.Read(api.Kubeconfig).Single();
        kubeconfig["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        await File.WriteAllTextAsync(api.Kubeconfig, kubeconfig.ToJsonString(), Token);

        using var connection = KubeConnection.FromKubeconfig(api.Kubeconfig);
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => new KubeClient(connection).ListAsync(LiveApi.ConfigMaps, "default", Token));
        Assert.Contains("system:serviceaccount:default:robot", refused.Message, StringComparison.Ordinal);
    }
}
