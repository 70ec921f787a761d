using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Devices;

namespace Slipway.Operator.Gateways;

/// <summary>Finds out by a dry run whether the cluster's HTTPRoute knows `sessionPersistence`, which only the experimental channel of Gateway API has, and keeps the answer for a while: definitions change.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionProbe(KubeClient client, TimeProvider time)
{
    private readonly Lock _lock = new();
    private (FieldSupport Found, DateTimeOffset At)? _last;

    /// <summary>What the cluster does with the field.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FieldSupport> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_last is { } last && now < last.At + CapabilityProbe.Fresh) return last.Found;
        }

        var found = await TryAsync(cancellationToken);
        // What could not be tried is tried again the next time.
        lock (_lock) _last = found.State is FieldState.Unknown ? null : (found, now);
        return found;
    }

    private async Task<FieldSupport> TryAsync(CancellationToken cancellationToken)
    {
        var route = new JsonObject
        {
            ["apiVersion"] = $"{GatewayKinds.HttpRoute.Group}/{GatewayKinds.HttpRoute.Version}",
            ["kind"] = GatewayKinds.HttpRoute.Kind,
            ["metadata"] = new JsonObject { ["name"] = "slipway-probe" },
            ["spec"] = new JsonObject { ["rules"] = new JsonArray(new JsonObject { [RouteSessions.Field] = RouteSessions.Asked() }) },
        };
        var probe = new FieldProbe(
            "sessions that stay with one side (sessionPersistence)", $"/apis/{GatewayKinds.HttpRoute.Group}/{GatewayKinds.HttpRoute.Version}/namespaces/default/httproutes", route, "spec", "rules", "0", RouteSessions.Field);
        try
        {
            return await probe.TryAsync(client, cancellationToken);
        }
        catch (HttpRequestException silent)
        {
            return new FieldSupport(probe.Name, FieldState.Unknown, silent.Message);
        }
    }
}
