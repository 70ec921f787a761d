using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Routing;

namespace Slipway.Operator.Gateways;

/// <summary>What a pool is decided on.</summary>
/// <param name="Service">The Service where the model answers.</param>
/// <param name="Apis">What the cluster serves.</param>
/// <param name="Allowed">Whether this Slipway has the rights for pools and pickers: those of llm-d.</param>
internal sealed record PoolInput(CachedObject? Service, ClusterApis Apis, bool Allowed);

/// <summary>A pool that is to be had, or why there is none.</summary>
/// <param name="Objects">The picker and the pool; none without.</param>
/// <param name="Without">Why requests go to the Service instead.</param>
internal sealed record PoolPlan(IReadOnlyList<JsonObject> Objects, string? Without);

/// <summary>
/// Decides on a pool for a provider of somebody else's that declares an endpoint picker and makes no pools itself. The pods are those of the
/// Service: no label has to be put on pods that others own.
/// </summary>
internal static class PoolPlanner
{
    /// <summary>Whether the provider wants one.</summary>
    public static bool Wanted(EngineCapability? engine) => engine?.Gateway is { EndpointPicker: not null, ManagesInferencePool: not true };

    public static PoolPlan Plan(ModelDeployment deployment, EndpointPickerCapability picker, int port, PoolInput input)
    {
        PoolPlan Without(string why) => new([], $"Requests go to the Service, not through the provider's endpoint picker: {why}");

        if (!input.Allowed) return Without("Slipway has the rights for pools only when it drives llm-d (operator --runtimes)");
        if (input.Apis.Version(RoutedPool.Pool) is null) return Without("the cluster does not serve InferencePool; install the Gateway API Inference Extension");
        if (input.Service is not { } service) return Without("its Service is not there");
        if (service.Json.At("spec", "selector") is not { ValueKind: JsonValueKind.Object } labels || !labels.EnumerateObject().Any())
            return Without($"Service {service.Identity.Key.Name} selects no pods");
        if (Target(service, port) is not { } target) return Without($"port {port} of Service {service.Identity.Key.Name} leads to a port by name, and pools take numbers");
        return new(RoutedPool.Render(deployment, picker, JsonNode.Parse(labels.GetRawText())!.AsObject(), target, input.Apis), null);
    }

    // A Service without a targetPort leads to the port of its own number.
    private static int? Target(CachedObject service, int port)
    {
        var entry = service.Json.Items("spec", "ports").FirstOrDefault(p => p.TryGetProperty("port", out var number) && number.GetInt32() == port);
        if (entry.ValueKind is not JsonValueKind.Object) return null;
        return !entry.TryGetProperty("targetPort", out var target) ? port : target.ValueKind is JsonValueKind.Number ? target.GetInt32() : null;
    }
}
