using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Web.Access;

/// <summary>Asks the API what the owner of a connection may do.</summary>
/// <param name="client">The connection.</param>
internal sealed class AccessQuestions(KubeClient client)
{
    private const string ContactAnnotation = "slipway.dev/contact";
    private const string Reviews = "apis/authorization.k8s.io/v1/";

    private static readonly Resource<CachedObject> s_namespaces = new("", "v1", "namespaces", "Namespace", false, KubeJson.Default.CachedObject, static n => n.Identity);

    /// <exception cref="KubeApiException">The API refused to say.</exception>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<AccessRules> RulesAsync(string space, CancellationToken cancellationToken) =>
        AccessRules.Read((await AskAsync("SelfSubjectRulesReview", new JsonObject { ["namespace"] = space }, cancellationToken))["status"]);

    /// <summary>Whether they may in the whole cluster.</summary>
    /// <exception cref="KubeApiException">The API refused to say.</exception>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<bool> MayAsync(Right right, CancellationToken cancellationToken)
    {
        var attributes = new JsonObject { ["verb"] = right.Verb, ["group"] = right.Group, ["resource"] = right.Resource };
        var answer = await AskAsync("SelfSubjectAccessReview", new JsonObject { ["resourceAttributes"] = attributes }, cancellationToken);
        return answer["status"]?["allowed"]?.GetValueKind() is System.Text.Json.JsonValueKind.True;
    }

    /// <summary>Whom to ask for rights in a namespace, as it says itself; null when it does not, or may not be read.</summary>
    public async Task<string?> ContactAsync(string space, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.GetAsync(s_namespaces, new NamespacedName("", space), cancellationToken);
            return found?.Json.TryGetProperty("metadata", out var metadata) == true && metadata.TryGetProperty("annotations", out var notes) && notes.TryGetProperty(ContactAnnotation, out var contact)
                ? contact.GetString()
                : null;
        }
        catch (KubeApiException)
        {
            return null;
        }
    }

    private Task<JsonObject> AskAsync(string kind, JsonObject spec, CancellationToken cancellationToken) => client.AskAsync(
        Reviews + kind.ToLowerInvariant() + "s", new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = kind, ["spec"] = spec }, cancellationToken);
}
