using System.Text.Json;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>Reads from a route's status whether its gateway took it: conditions `Accepted` and `ResolvedRefs` of Gateway API.</summary>
internal static class RouteReader
{
    /// <summary>What is in the way; null when nothing is.</summary>
    /// <param name="route">The route.</param>
    /// <param name="gateway">The Gateway that counts; any will do for null.</param>
    public static GatewayFault? Fault(CachedObject route, NamespacedName? gateway)
    {
        var ns = route.Identity.Key.Namespace;
        var parents = route.Json.Items("status", "parents").Where(p => p.TryGetProperty("parentRef", out var parent) && (gateway is null || Of(parent, ns) == gateway)).ToList();
        if (parents.Count == 0)
            return new("RoutePending", $"HTTPRoute {route.Identity.Key.Name} waits for {(gateway is null ? "its gateway" : $"Gateway {gateway}")} to take it: if this lasts, the gateway's controller does not run");
        var faults = parents.Select(p => ParentFault(p, route, ns)).ToList();
        // One way in is enough.
        return faults.Contains(null) ? null : faults[0];
    }

    private static GatewayFault? ParentFault(JsonElement parent, CachedObject route, string ns)
    {
        var name = Of(parent.GetProperty("parentRef"), ns);
        var generation = route.Json.GetProperty("metadata").TryGetProperty("generation", out var g) ? g.GetInt64() : 0;
        foreach (var type in (string[])["Accepted", "ResolvedRefs"])
        {
            var condition = parent.Items("conditions").FirstOrDefault(c => c.Text("type") == type);
            if (condition.ValueKind is not JsonValueKind.Object || (condition.TryGetProperty("observedGeneration", out var seen) && seen.GetInt64() < generation))
                return new("RoutePending", $"HTTPRoute {route.Identity.Key.Name} waits for Gateway {name} to look at it");
            if (condition.Text("status") == "True") continue;
            var reason = condition.Text("reason") is { Length: > 0 } given ? given : $"Not{type}";
            var hint = reason switch
            {
                "NotAllowedByListeners" => $". Whoever owns the Gateway lets namespaces in with allowedRoutes of its listeners; it has to let in {ns}",
                "RefNotPermitted" => ". A ReferenceGrant in the namespace of what the route points to allows it",
                "BackendNotFound" => ". What the route points to has to be made first, in the route's own namespace",
                "InvalidKind" => ". Not every gateway knows InferencePools: it needs one with the Inference Extension",
                _ => "",
            };
            return new(reason, $"Gateway {name} does not take the route: {condition.Text("message")?.TrimEnd('.')}{hint}");
        }

        return null;
    }

    private static NamespacedName Of(JsonElement parent, string ns) => new(parent.Text("namespace") ?? ns, parent.Text("name") ?? "");
}
