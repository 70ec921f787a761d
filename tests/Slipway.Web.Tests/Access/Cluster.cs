using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.ApiServer;
using Slipway.ApiServer.Authentication.Oidc;
using Slipway.Kubernetes.Connection;
using Slipway.Testing;

namespace Slipway.Web.Tests.Access;

/// <summary>A Kubernetes API whose roles and tokens are real, for the tests of one class.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private EmbeddedApiServer _server = null!;
    private KubeTransport _transport = null!;

    public KubeClient Admin { get; private set; } = null!;

    /// <summary>The provider whose tokens it accepts; none when null.</summary>
    public OidcIssuer? Oidc { get; init; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await EmbeddedApiServer.StartAsync(new ApiServerOptions { DataDirectory = _folder["data"], KubeconfigPath = _folder["kubeconfig"], Oidc = Oidc }, NullLoggerFactory.Instance, Token);
        Admin = new KubeClient(KubeConnection.WithCertificate(_server.Address, _server.CertificateAuthority, _server.AdminCertificate));
        _transport = new KubeTransport(_server.Address, _server.CertificateAuthority);
    }

    public KubeConnection Connect(IEnumerable<DelegatingHandler> around) => _transport.Connect(around);

    /// <summary>Makes a namespace.</summary>
    public async Task SpaceAsync(string name, string? contact = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (contact is not null) metadata["annotations"] = new JsonObject { ["slipway.dev/contact"] = contact };
        await Admin.PostAsync("api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata }, Token);
    }

    /// <summary>Makes an account in a namespace.</summary>
    /// <returns>A token of it.</returns>
    public async Task<string> AccountAsync(string space, string name)
    {
        await Admin.PostAsync($"api/v1/namespaces/{space}/serviceaccounts", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ServiceAccount", ["metadata"] = new JsonObject { ["name"] = name } }, Token);
        return await TokenAsync(space, name);
    }

    /// <summary>Makes one more token of an account.</summary>
    public async Task<string> TokenAsync(string space, string name)
    {
        var request = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } };
        return (string)(await Admin.AskAsync($"api/v1/namespaces/{space}/serviceaccounts/{name}/token", request, Token))["status"]!["token"]!;
    }

    /// <summary>Gives an account rights in its namespace; what was given before by the same name is lost.</summary>
    public async Task GiveAsync(string space, string account, string verbs, string group, string resources)
    {
        var rule = new JsonObject { ["verbs"] = Texts(verbs), ["apiGroups"] = new JsonArray(group), ["resources"] = Texts(resources) };
        var name = $"{account}-{group.Split('.')[0]}";
        await ApplyAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{space}/roles/{name}", "Role", name, new JsonObject { ["rules"] = new JsonArray(rule) });
        var subject = new JsonObject { ["kind"] = "ServiceAccount", ["name"] = account, ["namespace"] = space };
        var role = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name };
        await ApplyAsync($"apis/rbac.authorization.k8s.io/v1/namespaces/{space}/rolebindings/{name}", "RoleBinding", name, new JsonObject { ["roleRef"] = role, ["subjects"] = new JsonArray(subject) });
    }

    /// <summary>Removes something.</summary>
    public async Task RemoveAsync(string path)
    {
        using var response = await Admin.Connection.Http.DeleteAsync(path, Token);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        Admin.Connection.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private Task ApplyAsync(string path, string kind, string name, JsonObject body)
    {
        (body["apiVersion"], body["kind"], body["metadata"]) = ("rbac.authorization.k8s.io/v1", kind, new JsonObject { ["name"] = name });
        return Admin.ApplyRawAsync(path, System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), "tests", Token);
    }

    private static JsonArray Texts(string words) => new([.. words.Split(',').Select(static w => (JsonNode)w)]);
}
