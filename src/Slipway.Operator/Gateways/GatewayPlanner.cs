using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>What a route is decided on, beside the deployment.</summary>
/// <param name="Facts">The Gateway.</param>
/// <param name="Ready">Whether the model answers.</param>
/// <param name="Endpoint">Its Service, once it answers.</param>
internal sealed record GatewayInput(GatewayFacts Facts, bool Ready, EndpointStatus? Endpoint)
{
    /// <summary>What the runtime says of the chosen engine.</summary>
    public EngineCapability? Engine { get; init; }

    /// <summary>An older deployment that requests for the same name go to.</summary>
    public string? NameTakenBy { get; init; }

    /// <summary>The route of the deployment's name, whoever owns it.</summary>
    public CachedObject? Route { get; init; }

    /// <summary>The route that `spec.gateway.httpRouteRef` names.</summary>
    public CachedObject? GivenRoute { get; init; }

    /// <summary>What a pool rests on, for a provider of somebody else's; our own make theirs.</summary>
    public PoolInput? Pool { get; init; }

    /// <summary>The candidate of a rollout that answers a share of the requests.</summary>
    public RouteShare? Share { get; init; }

    /// <summary>Whether the cluster's HTTPRoute can keep sessions with one side.</summary>
    public bool KnowsSessions { get; init; }

    /// <summary>The deployment that took this one's place.</summary>
    public Successor? Successor { get; init; }
}

/// <summary>A candidate's share.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Engine">What its runtime says of its engine.</param>
/// <param name="Weight">How many of a hundred requests it answers.</param>
internal sealed record RouteShare(ModelDeployment Candidate, EngineCapability? Engine, int Weight)
{
    /// <summary>The control replica, with its engine and how many of a hundred requests it answers; null where there is none.</summary>
    public RouteShare? Control { get; init; }
}

/// <summary>Who took a deployment's place.</summary>
/// <param name="Deployment">It.</param>
/// <param name="Route">Its own route, once it is there.</param>
internal sealed record Successor(ModelDeployment Deployment, CachedObject? Route);

/// <summary>What is decided of a route.</summary>
/// <param name="Route">The route to have; none for null, and then one that is there goes.</param>
/// <param name="Status">Where the model answers through the gateway.</param>
/// <param name="Fault">Why it does not; <see cref="Silent"/> when nothing is to be said.</param>
internal sealed record GatewayPlan(JsonObject? Route, GatewayStatus? Status, GatewayFault? Fault)
{
    /// <summary>Nothing to be said: nobody asked for a gateway.</summary>
    public static GatewayPlan Nothing { get; } = new(null, null, null) { Silent = true };

    /// <summary>Whether nothing is said.</summary>
    public bool Silent { get; init; }

    /// <summary>The pool's objects to have; what is there stays as it is for null.</summary>
    public IReadOnlyList<JsonObject>? Pool { get; init; } = [];

    /// <summary>What is to be said even though it works.</summary>
    public string? Note { get; init; }
}

/// <summary>Decides how a deployment is reached through the cluster's Gateway. Pure.</summary>
internal static class GatewayPlanner
{
    /// <summary>The reason while only time is missing: no news.</summary>
    public const string Waiting = "NotGatewayReady", Pending = "RoutePending", Candidate = "RolloutCandidate";

    public static GatewayPlan Plan(ModelDeployment deployment, GatewayInput input)
    {
        var wish = deployment.Spec.Gateway;
        if (wish?.Enabled == false) return GatewayPlan.Nothing;
        if (input.Facts.Gateway is not { } gateway)
        {
            // A manifest that says nothing of gateways hears nothing of their absence.
            var asked = wish is { Enabled: true } or { HttpRouteRef.Length: > 0 } or { ModelName.Length: > 0 } or { PoolRef.Length: > 0 };
            return asked || input.Facts.Fault!.Reason != GatewayFacts.None.Fault!.Reason ? new(null, null, input.Facts.Fault) : GatewayPlan.Nothing;
        }

        if (input.Successor is { } successor) return Replaced(deployment, successor, gateway, input);
        var name = ServedModel.RoutedName(deployment);
        // Under its own name nobody asks for it, and its engine knows it by the name of the model that it is to replace.
        if (deployment.Metadata.Labels?.GetValueOrDefault(ModelRollout.Label) is { } rollout && name == deployment.Metadata.Name)
            return new(null, null, new(Candidate, $"Requests reach it by the share that ModelRollout {rollout} gives it"));
        if (input.NameTakenBy is { } owner)
            return new(null, null, new("ModelNameTaken", $"Requests for \"{name}\" go to {owner}, which is older: give another spec.gateway.modelName"));
        var status = new GatewayStatus
        {
            Endpoint = input.Facts.Endpoint is { } address ? $"{address}/v1" : null,
            ModelName = name,
            GatewayName = gateway.Name,
            GatewayNamespace = gateway.Namespace,
            ApiFormats = input.Engine?.ApiFormats ?? [ApiFormat.OpenAIChat],
        };
        if (wish?.HttpRouteRef is { Length: > 0 } given) return Given(given, status, input);
        // The name stays in the request's body, and no engine answers to one that it does not know.
        if (input.Engine?.Gateway?.IgnoresServedName != true && ServedModel.Name(deployment) is var own && own != name)
            return new(null, null, new("ModelNameUnknown", $"Requests for \"{name}\" would reach an engine that calls the model \"{own}\": set spec.model.servedName to \"{name}\", or leave spec.gateway.modelName out"));
        if (input.Route is { } there && !there.IsOwnedBy(deployment.Metadata.Uid))
            return new(null, null, new("ResourceConflict", $"HTTPRoute {there.Identity.Key.Name} exists and belongs to something else: name it in spec.gateway.httpRouteRef to use it, or delete it"));
        var pool = Pool(deployment, input);
        if ((Backend(deployment, input, pool) ?? RouteRenderer.Kept(input.Route)?[0]?.DeepClone().AsObject()) is not { } backend) return new(null, null, new(Waiting, "Waits for the model")) { Pool = null };
        var route = RouteRenderer.Render(deployment, gateway, Shared(backend, input.Share));
        var sessions = RouteSessions.Ask(route, input.KnowsSessions, input.Route, gateway);
        return new(route, status, Fault(input, input.Route, gateway)) { Pool = input.Ready ? pool?.Objects ?? [] : null, Note = sessions ?? pool?.Without };
    }

    private static PoolPlan? Pool(ModelDeployment deployment, GatewayInput input) =>
        input is { Ready: true, Pool: { } facts, Endpoint.Port: { } port } && deployment.Spec.Gateway?.PoolRef is not { Length: > 0 } && PoolPlanner.Wanted(input.Engine)
            ? PoolPlanner.Plan(deployment, input.Engine!.Gateway!.EndpointPicker!, port, facts) : null;

    private static GatewayPlan Given(string name, GatewayStatus status, GatewayInput input) => input.GivenRoute is { } route
        ? new(null, status, Fault(input, route, null))
        : new(null, null, new("RouteMissing", $"There is no HTTPRoute {name} in this namespace: make it, or leave spec.gateway.httpRouteRef out to have one made"));

    private static GatewayFault? Fault(GatewayInput input, CachedObject? route, NamespacedName? gateway)
    {
        if (!input.Ready) return new(Waiting, "Waits for the model");
        if (input.Facts.Fault is { } fault) return fault;
        return route is null ? new(Pending, "The route is being made") : RouteReader.Fault(route, gateway);
    }

    // Who has taken the place makes a route of its own. Until that one works this one stays as it is, so that no request finds none; of two with one name the older is gone by.
    private static GatewayPlan Replaced(ModelDeployment deployment, Successor successor, NamespacedName gateway, GatewayInput input)
    {
        var fault = new GatewayFault("Replaced", $"{successor.Deployment.Metadata.Name} has its place ({ModelRollout.ReplacedByAnnotation})");
        var works = successor.Route is { } own && own.IsOwnedBy(successor.Deployment.Metadata.Uid) && RouteReader.Fault(own, gateway) is null;
        return works || RouteRenderer.Kept(input.Route) is not { } kept || !input.Route!.IsOwnedBy(deployment.Metadata.Uid)
            ? new(null, null, fault) : new(RouteRenderer.Render(deployment, successor.Deployment, gateway, kept), null, fault) { Pool = null };
    }

    // A candidate that has nowhere to answer gets nothing, whatever its share.
    private static JsonArray Shared(JsonObject backend, RouteShare? share) =>
        share is not null && Backend(share.Candidate, share.Engine, share.Candidate.Status?.Endpoint) is { } candidate
            ? RouteRenderer.Shared(backend, candidate, share.Weight, share.Control is { } control ? Backend(control.Candidate, control.Engine, control.Candidate.Status?.Endpoint) : null, share.Control?.Weight ?? 0) : [backend];

    private static JsonObject? Backend(ModelDeployment deployment, GatewayInput input, PoolPlan? made)
    {
        if (!input.Ready) return null;
        if (deployment.Spec.Gateway?.PoolRef is { Length: > 0 } given) return RouteRenderer.Pool(given, null);
        return made is { Objects.Count: > 0 } ? RouteRenderer.Pool(deployment.Metadata.Name!, null) : Backend(deployment, input.Engine, input.Endpoint);
    }

    private static JsonObject? Backend(ModelDeployment deployment, EngineCapability? engine, EndpointStatus? endpoint)
    {
        if (engine?.Gateway is { ManagesInferencePool: true } pool)
        {
            string Fill(string pattern) => pattern.Replace("{name}", deployment.Metadata.Name, StringComparison.Ordinal).Replace("{namespace}", deployment.Metadata.Namespace, StringComparison.Ordinal);
            var ns = Fill(pool.InferencePoolNamespace ?? "{namespace}");
            return RouteRenderer.Pool(Fill(pool.InferencePoolNamePattern ?? "{name}-pool"), ns == deployment.Metadata.Namespace ? null : ns);
        }

        return endpoint is { Service: { Length: > 0 } service, Port: { } port } ? RouteRenderer.Service(service, port) : null;
    }
}
