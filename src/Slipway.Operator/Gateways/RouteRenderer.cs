using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>Renders the HTTPRoute of a deployment: requests that name its model go to its pool or its Service.</summary>
internal static class RouteRenderer
{
    /// <summary>The header that body-based routing of the Inference Extension sets to the `model` of the request's body.</summary>
    public const string ModelHeader = "X-Gateway-Model-Name";

    // Gateway API v1 takes so many in one rule.
    private const int MostMatches = 64;

    /// <summary>Renders the route of a deployment.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="gateway">The Gateway that it hangs on.</param>
    /// <param name="backends">Where its requests go, by weight.</param>
    public static JsonObject Render(ModelDeployment deployment, NamespacedName gateway, JsonArray backends) => Render(deployment, deployment, gateway, backends);

    /// <summary>Renders the route of a deployment for requests that ask for another.</summary>
    /// <param name="deployment">Whose route it is.</param>
    /// <param name="named">The deployment that requests ask for.</param>
    /// <param name="gateway">The Gateway that it hangs on.</param>
    /// <param name="backends">Where its requests go, by weight.</param>
    public static JsonObject Render(ModelDeployment deployment, ModelDeployment named, NamespacedName gateway, JsonArray backends)
    {
        var route = Rendered.Start(deployment, $"{GatewayKinds.HttpRoute.Group}/{GatewayKinds.HttpRoute.Version}", GatewayKinds.HttpRoute.Kind);
        route["spec"] = new JsonObject
        {
            ["parentRefs"] = new JsonArray(new JsonObject
            {
                ["group"] = GatewayKinds.Gateway.Group,
                ["kind"] = GatewayKinds.Gateway.Kind,
                ["namespace"] = gateway.Namespace,
                ["name"] = gateway.Name,
            }),
            ["rules"] = new JsonArray([.. Names(named).Chunk(MostMatches).Select(names => Rule(names, backends))]),
        };
        return route;
    }

    /// <summary>Two backends that share the requests.</summary>
    /// <param name="stable">The one.</param>
    /// <param name="candidate">The other.</param>
    /// <param name="weight">How many of a hundred requests the other gets.</param>
    /// <param name="control">A third, beside the candidate; null where there is none.</param>
    /// <param name="controlWeight">How many of a hundred requests the third gets.</param>
    public static JsonArray Shared(JsonObject stable, JsonObject candidate, int weight, JsonObject? control = null, int controlWeight = 0) => control is null
        ? [Weighed(stable, 100 - weight), Weighed(candidate, weight)] : [Weighed(stable, 100 - weight - controlWeight), Weighed(candidate, weight), Weighed(control, controlWeight)];

    /// <summary>The backend of a pool of pods, which an endpoint picker chooses from.</summary>
    public static JsonObject Pool(string name, string? ns) => Backend("inference.networking.k8s.io", "InferencePool", name, ns, null);

    /// <summary>The backend of a Service.</summary>
    public static JsonObject Service(string name, int port) => Backend("", "Service", name, null, port);

    /// <summary>The backends of a route that is there, the deployment's own first.</summary>
    public static JsonArray? Kept(CachedObject? route) =>
        route is not null && route.Json.TryGetProperty("spec", out var spec) && spec.TryGetProperty("rules", out var rules) && rules.ValueKind == JsonValueKind.Array && rules.GetArrayLength() > 0
        && rules[0].TryGetProperty("backendRefs", out var refs) && refs.ValueKind == JsonValueKind.Array && refs.GetArrayLength() > 0 ? JsonNode.Parse(refs.GetRawText())!.AsArray() : null;

    // A request for an adapter names the adapter, and goes to the engine that has it.
    private static IEnumerable<string> Names(ModelDeployment deployment) =>
        (deployment.Spec.Model.Adapters ?? []).Select(a => a.Name).OfType<string>().Prepend(ServedModel.RoutedName(deployment)).Distinct();

    private static JsonNode Rule(string[] names, JsonArray backends) => new JsonObject
    {
        ["matches"] = new JsonArray([.. names.Select(Match)]),
        ["backendRefs"] = backends.DeepClone(),
        // No limit: an answer streams for as long as it has words, and one that was cut at five minutes helps nobody.
        ["timeouts"] = new JsonObject { ["request"] = "0s" },
    };

    private static JsonNode Match(string name) => new JsonObject
    {
        ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" },
        ["headers"] = new JsonArray(new JsonObject { ["type"] = "Exact", ["name"] = ModelHeader, ["value"] = name }),
    };

    private static JsonObject Backend(string group, string kind, string name, string? ns, int? port)
    {
        var backend = new JsonObject { ["group"] = group, ["kind"] = kind, ["name"] = name, ["weight"] = 1 };
        if (ns is not null) backend["namespace"] = ns;
        if (port is { } number) backend["port"] = number;
        return backend;
    }

    private static JsonObject Weighed(JsonObject backend, int weight)
    {
        var weighed = backend.DeepClone().AsObject();
        weighed["weight"] = weight;
        return weighed;
    }
}
