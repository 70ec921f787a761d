using System.Net;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>An admission configuration that a test made and that goes with the test, so that it concerns no other.</summary>
public sealed class Configured(TestServer server, string path) : IAsyncDisposable
{
    public const string Registration = "/apis/admissionregistration.k8s.io/v1";

    public string Path { get; } = path;

    public async ValueTask DisposeAsync() => (await server.DeleteAsync(Path)).Expect(HttpStatusCode.OK);

    /// <summary>Configures webhooks for the config maps of one namespace, unless the rest says otherwise.</summary>
    /// <param name="server">The server.</param>
    /// <param name="kind">Mutating or Validating.</param>
    /// <param name="ns">The namespace that they are for.</param>
    /// <param name="webhooks">Their clientConfigs, each with members that replace the usual ones.</param>
    public static Task<Configured> WebhooksAsync(TestServer server, string kind, string ns, params (string ClientConfig, string Members)[] webhooks) =>
        NamedAsync(server, kind, "c-" + Guid.NewGuid().ToString("N")[..10], ns, webhooks);

    public static async Task<Configured> NamedAsync(TestServer server, string kind, string name, string ns, params (string ClientConfig, string Members)[] webhooks)
    {
        var list = string.Join(',', webhooks.Select((w, i) => Webhook($"hook{i}.example.com", ns, w.ClientConfig, w.Members)));
        return await MakeAsync(server, kind.ToLowerInvariant() + "webhookconfigurations", name,
            $$"""{"apiVersion":"admissionregistration.k8s.io/v1","kind":"{{kind}}WebhookConfiguration","metadata":{"name":"{{name}}"},"webhooks":[{{list}}]}""");
    }

    public static async Task<Configured> MakeAsync(TestServer server, string plural, string name, string body)
    {
        (await server.PostAsync($"{Registration}/{plural}", body)).Expect(HttpStatusCode.Created);
        await server.SettleAsync();
        return new(server, $"{Registration}/{plural}/{name}");
    }

    /// <summary>Defines "things" in a group of the test's own.</summary>
    public static async Task<Configured> CrdAsync(TestServer server, string group, string versions, string conversion = """{"strategy":"None"}""")
    {
        const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        (await server.PostAsync(Definitions, $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.{{group}}"},
             "spec":{"group":"{{group}}","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"conversion":{{conversion}},"versions":[{{versions}}] } }
            """)).Expect(HttpStatusCode.Created);
        await server.SettleAsync();
        return new(server, $"{Definitions}/things.{group}");
    }

    private static string Webhook(string name, string ns, string clientConfig, string given)
    {
        var members = new Dictionary<string, string>
        {
            ["name"] = $"\"{name}\"",
            ["clientConfig"] = clientConfig,
            ["sideEffects"] = "\"None\"",
            ["admissionReviewVersions"] = """["v1"]""",
            ["namespaceSelector"] = $$"""{"matchLabels":{"kubernetes.io/metadata.name":"{{ns}}"} }""",
            ["rules"] = """[{"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"],"operations":["*"]}]""",
        };
        if (given.Length > 0)
            foreach (var (key, value) in System.Text.Json.Nodes.JsonNode.Parse(given)!.AsObject()) members[key] = value?.ToJsonString() ?? "null";
        return $"{{{string.Join(',', members.Where(m => m.Value != "null").Select(m => $"\"{m.Key}\":{m.Value}"))}}}";
    }
}
