using System.Globalization;
using System.Text.Json;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Gateways;

/// <summary>Chooses the Gateway that models are reached through, and reads where it answers. Pure.</summary>
/// <remarks>The one that was asked for; else the one with the label <see cref="GatewayKinds.ChosenLabel"/>; else the only one, as AI Runway chooses.</remarks>
internal static class GatewayChoice
{
    public static GatewayFacts Of(IEnumerable<CachedObject> gateways, NamespacedName? asked)
    {
        var all = gateways.Where(g => !g.IsDeleting).OrderBy(g => g.Identity.Key.ToString(), StringComparer.Ordinal).ToList();
        if (asked is { } wanted)
        {
            return all.Find(g => g.Identity.Key == wanted) is { } found ? Read(found)
                : new(null, null, new("GatewayMissing", $"There is no Gateway {wanted}, which the operator was started for (--gateway): make it, or start the operator for another"));
        }

        var labelled = all.Where(g => g.Label(GatewayKinds.ChosenLabel) == "true").ToList();
        var left = labelled.Count > 0 ? labelled : all;
        return left switch
        {
            [] => GatewayFacts.None,
            [var only] => Read(only),
            _ => new(null, null, new(
                "GatewayAmbiguous",
                $"Which of the Gateways {string.Join(", ", left.Take(5).Select(g => g.Identity.Key))} models are reached through is not said: label one of them {GatewayKinds.ChosenLabel}=true")),
        };
    }

    private static GatewayFacts Read(CachedObject gateway)
    {
        var key = gateway.Identity.Key;
        var listener = Listeners(gateway.Json).OrderBy(l => l.Protocol == "HTTPS" ? 0 : 1).FirstOrDefault();
        if (listener.Protocol is null) return new(key, null, new("NoListener", $"Gateway {key} listens for neither HTTP nor HTTPS: give it such a listener"));
        if (gateway.Json.Condition("Programmed") is { IsFalse: true } condition) return new(key, null, new("GatewayNotProgrammed", $"Gateway {key} does not work: {condition.Message}"));
        var host = listener.Host is { Length: > 0 } name && !name.StartsWith('*') ? name : Address(gateway.Json);
        if (host is null) return new(key, null, new("NoAddress", $"Gateway {key} has no address yet: its controller may not run, or the cluster gives no load balancers"));
        var https = listener.Protocol == "HTTPS";
        if (host.Contains(':', StringComparison.Ordinal)) host = $"[{host}]";
        var port = listener.Port == (https ? 443 : 80) ? "" : string.Create(CultureInfo.InvariantCulture, $":{listener.Port}");
        return new(key, $"{(https ? "https" : "http")}://{host}{port}", null);
    }

    private static IEnumerable<(string? Protocol, string? Host, int Port)> Listeners(JsonElement gateway) =>
        gateway.Items("spec", "listeners").Select(l => (Protocol: l.Text("protocol"), Host: l.Text("hostname"), Port: l.Number("port") ?? 0)).Where(l => l.Protocol is "HTTP" or "HTTPS");

    private static string? Address(JsonElement gateway) => gateway.Items("status", "addresses").Select(a => a.Text("value")).FirstOrDefault(v => v is { Length: > 0 });
}
