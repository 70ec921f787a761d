using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Tests;

/// <summary>A real API to speak to: the embedded one, on data of its own.</summary>
internal sealed class LiveApi : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private EmbeddedApiServer? _server;
    private KubeConnection? _connection;

    public static Resource<JsonObject> ConfigMaps { get; } = new(
        "", "v1", "configmaps", "ConfigMap", true, KubeJson.Default.JsonObject,
        o => new ObjectIdentity(
            new NamespacedName((string)o["metadata"]!["namespace"]!, (string)o["metadata"]!["name"]!),
            (string?)o["metadata"]!["uid"] ?? "",
            (string?)o["metadata"]!["resourceVersion"] ?? ""));

    public KubeClient Client => new(_connection!);

    public string Kubeconfig => Path.Combine(_data, "kubeconfig");

    public static JsonObject ConfigMap(string name, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["data"] = new JsonObject { ["key"] = value },
    };

    public static async Task<LiveApi> StartAsync()
    {
        var api = new LiveApi();
        await api.StartServerAsync(0);
        api._connection = KubeConnection.WithCertificate(api._server!.Address, api._server.CertificateAuthority, api._server.AdminCertificate);
        return api;
    }

    /// <summary>Stops the server and starts it again where it was.</summary>
    public async Task RestartAsync(Func<Task> whileDown)
    {
        var port = _server!.Address.Port;
        await _server.DisposeAsync();
        await whileDown();
        await StartServerAsync(port);
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartServerAsync(int port) => _server = await EmbeddedApiServer.StartAsync(
        new ApiServerOptions { DataDirectory = Path.Combine(_data, "api"), KubeconfigPath = Kubeconfig, Port = port },
        NullLoggerFactory.Instance,
        TestContext.Current.CancellationToken);
}
