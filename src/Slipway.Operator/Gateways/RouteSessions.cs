using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>
/// How sessions stay with one side while a route's weights divide its requests: `sessionPersistence` of Gateway API (<see href="https://gateway-api.sigs.k8s.io/geps/gep-1619/"/>). By a header, which the gateway gives with an answer and the client sends
/// back: a cookie would be of a whole client, and one that asks for many users would take them all to one side.
/// </summary>
internal static class RouteSessions
{
    /// <summary>The field of a rule.</summary>
    public const string Field = "sessionPersistence";

    /// <summary>The header that answers are given and requests bring back; Slipway's own gateway goes by the same.</summary>
    public const string Header = "Slipway-Session";

    private const string Annotation = "slipway.dev/session-persistence", Refused = "refused";

    /// <summary>What a rule asks for.</summary>
    public static JsonObject Asked() => new() { ["sessionName"] = Header, ["type"] = "Header" };

    /// <summary>
    /// Asks for it, where that helps and does no harm. With nobody to share with there are no sides; and a session outlives a weight of 0, by Gateway API's rule, so that the field goes with the weights. An InferencePool's picker chooses pods request by
    /// request, by load and cached prefixes, which a pod that is held on to would put out of action.
    /// </summary>
    /// <param name="route">The route as rendered; it gets the field.</param>
    /// <param name="known">Whether the cluster's HTTPRoute has the field.</param>
    /// <param name="there">The route as it is; null while there is none.</param>
    /// <param name="gateway">Its Gateway.</param>
    /// <returns>What is to be said of it; null for nothing.</returns>
    public static string? Ask(JsonObject route, bool known, CachedObject? there, NamespacedName gateway)
    {
        var rules = route["spec"]!["rules"]!.AsArray();
        var backends = rules[0]!["backendRefs"]!.AsArray();
        if (!known || backends.Count(static b => (int)b!["weight"]! > 0) < 2 || backends.Any(static b => (string?)b!["kind"] != "Service")) return null;
        if (there is not null && WasRefused(there))
        {
            if (route["metadata"]!["annotations"] is not JsonObject annotations) route["metadata"]!["annotations"] = annotations = [];
            annotations[Annotation] = Refused;
            return $"Gateway {gateway} took the route only without {Field}, so that sessions do not stay with one side";
        }

        foreach (var rule in rules) rule![Field] = Asked();
        return null;
    }

    // A gateway may know the field and not want it; the model has to be reached all the same.
    private static bool WasRefused(CachedObject there)
    {
        var metadata = there.Json.GetProperty("metadata");
        if (metadata.Text("annotations", Annotation) == Refused) return true;
        var generation = metadata.TryGetProperty("generation", out var number) ? number.GetInt64() : 0;
        return there.Json.Items("spec", "rules").Any(static r => r.TryGetProperty(Field, out _))
            && there.Json.Items("status", "parents").SelectMany(static p => p.Items("conditions")).Any(c =>
                c.Text("type") == "Accepted" && c.Text("status") == "False" && (!c.TryGetProperty("observedGeneration", out var seen) || seen.GetInt64() >= generation));
    }
}
