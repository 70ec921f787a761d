using System.Text;
using System.Text.Json.Nodes;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Install;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Install;

/// <summary>A Slipway that was installed by its manifests, as far as rights go, and a way to the API as the ServiceAccount that they make; with a Gateway for models.</summary>
internal sealed class Installed : IDisposable
{
    private readonly BareCluster _cluster;
    private readonly InstallOptions _options = new() { Namespace = $"slipway-{Guid.NewGuid():n}"[..20], Runtimes = BareCluster.Runtimes };
    private readonly TempDirectory _folder = new();
    private KubeConnection? _connection;

    private Installed(BareCluster cluster) => _cluster = cluster;

    /// <summary>What that ServiceAccount asks for, and what it is refused.</summary>
    public Used Used { get; } = new();

    /// <summary>The API, as that ServiceAccount.</summary>
    public KubeClient Client => new(_connection!);

    /// <summary>The operator's namespace.</summary>
    public string Namespace => _options.Namespace;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Installs it.</summary>
    public static async Task<Installed> Async(BareCluster cluster)
    {
        var installed = new Installed(cluster);
        await installed.ApplyAsync();
        installed._connection = KubeConnection.FromKubeconfig(await installed.KubeconfigAsync(), null, null, installed.Used);
        await cluster.Client.ApplyAsync(
            ApiKinds.Gateways,
            new NamespacedName(installed.Namespace, "models"),
            JsonNode.Parse($$"""
                { "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": { "name": "models", "namespace": "{{installed.Namespace}}" },
                  "spec": { "gatewayClassName": "simulated", "listeners": [{ "name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": { "namespaces": { "from": "All" } } }] } }
                """)!.AsObject(),
            "test",
            Token);
        return installed;
    }

    /// <summary>Takes the Gateway away.</summary>
    public Task RemoveGatewayAsync() => _cluster.Client.DeleteAsync(ApiKinds.Gateways, new NamespacedName(Namespace, "models"), CancellationToken.None);

    public void Dispose()
    {
        _connection?.Dispose();
        Used.Dispose();
        _folder.Dispose();
    }

    private async Task ApplyAsync()
    {
        foreach (var wanted in Manifests.All(_options).Where(o => (string)o["kind"]! is "Namespace" or "ServiceAccount" or "ClusterRole" or "ClusterRoleBinding" or "Role" or "RoleBinding" or "Secret" or "ValidatingWebhookConfiguration"))
        {
            // Nobody listens here, and others' deployments are not to wait for that.
            if (wanted["webhooks"] is { } hooks) hooks[0]!["rules"] = new JsonArray();
            var (kind, name, ns) = ((string)wanted["kind"]!, (string)wanted["metadata"]!["name"]!, (string?)wanted["metadata"]!["namespace"]);
            var root = kind switch
            {
                "Namespace" or "ServiceAccount" or "Secret" => "api/v1",
                "ValidatingWebhookConfiguration" => "apis/admissionregistration.k8s.io/v1",
                _ => "apis/rbac.authorization.k8s.io/v1",
            };
            await _cluster.Client.ApplyRawAsync($"{root}/{(ns is null ? "" : $"namespaces/{ns}/")}{kind.ToLowerInvariant()}s/{name}", Encoding.UTF8.GetBytes(wanted.ToJsonString()), "test", Token);
        }
    }

    private async Task<string> KubeconfigAsync()
    {
        using var asked = await _cluster.Client.Connection.Http.PostAsync(
            $"api/v1/namespaces/{Namespace}/serviceaccounts/slipway-operator/token",
            new StringContent("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""", null, "application/json"), Token);
        var token = (string)JsonNode.Parse(await asked.Content.ReadAsStringAsync(Token))!["status"]!["token"]!;
        var kubeconfig = Yaml.Read(_cluster.Kubeconfig).Single();
        kubeconfig["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        await File.WriteAllTextAsync(_folder["kubeconfig"], kubeconfig.ToJsonString(), Token);
        return _folder["kubeconfig"];
    }
}
