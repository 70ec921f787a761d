using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Harness;

/// <summary>Sends requests with headers of its own: as someone else, with a token, or with neither.</summary>
public sealed class Requester(HttpClient client, params (string Name, string Value)[] headers)
{
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> MergeAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json");

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> ApplyAsync(string path, string body) => SendAsync(HttpMethod.Patch, path + "?fieldManager=test", body, "application/apply-patch+yaml");

    /// <summary>Asks until it is refused as nobody known: a real server remembers a token for ten seconds.</summary>
    public async Task UntilUnauthorizedAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while ((await GetAsync("/apis")).Code != HttpStatusCode.Unauthorized) limit.Token.ThrowIfCancellationRequested();
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Version = HttpVersion.Version20 };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        return new(response.StatusCode, text, warnings, response.Content.Headers.ContentType?.ToString() ?? "");
    }
}

/// <summary>The ways in which tests become someone.</summary>
internal static class Requesters
{
    public const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    /// <summary>Acts as a user by the administrator's right to impersonate, which works with every server.</summary>
    public static Requester As(this TestServer server, string user, params string[] groups) =>
        new(server.Client, [("Impersonate-User", user), .. groups.Select(g => ("Impersonate-Group", g))]);

    /// <summary>Sends a bearer token and no certificate.</summary>
    public static Requester WithToken(this TestServer server, string token) => new(server.Stranger, ("Authorization", "Bearer " + token));

    public static Requester Nobody(this TestServer server) => new(server.Stranger);

    public static async Task<string> AccountAsync(this TestServer server, string ns, string name)
    {
        var made = await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", $$"""{"metadata":{"name":"{{name}}"} }""");
        return made.Expect(HttpStatusCode.Created).Text("metadata.uid")!;
    }

    public static async Task<string> TokenAsync(this TestServer server, string ns, string account, string spec = "{}")
    {
        var made = await server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/{account}/token", $$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{{spec}} }""");
        return made.Expect(HttpStatusCode.Created).Text("status.token")!;
    }

    /// <summary>Makes a role in a namespace and gives it to a subject.</summary>
    public static async Task GrantAsync(this TestServer server, string ns, string rules, string subject)
    {
        var name = "r-" + Guid.NewGuid().ToString("N")[..8];
        (await server.PostAsync($"{Rbac}/namespaces/{ns}/roles", $$"""{"metadata":{"name":"{{name}}"},"rules":{{rules}} }""")).Expect(HttpStatusCode.Created);
        await server.BindAsync(ns, $$"""{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"{{name}}"}""", subject, name);
        await server.SettleAsync();
    }

    public static async Task BindAsync(this TestServer server, string ns, string role, string subject, string? name = null) =>
        (await server.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings",
            $$"""{"metadata":{"name":"{{name ?? "b-" + Guid.NewGuid().ToString("N")[..8]}}"},"roleRef":{{role}},"subjects":[{{subject}}] }""")).Expect(HttpStatusCode.Created);

    public static string User(string name) => $$"""{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{name}}"}""";

    public static string ClusterRole(string name) => $$"""{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{name}}"}""";

    /// <summary>Asks until an answer satisfies, for what a controller does a moment later.</summary>
    public static async Task<Answer> UntilAsync(this TestServer server, string path, Func<Answer, bool> satisfies)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var answer = await server.GetAsync(path);
            if (satisfies(answer)) return answer;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Gets the claims of a token, unchecked.</summary>
    public static JsonNode Claims(string token) => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;
}
