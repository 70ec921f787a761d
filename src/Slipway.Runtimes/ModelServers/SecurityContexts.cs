using System.Text.Json.Nodes;

namespace Slipway.Runtimes.ModelServers;

/// <summary>What pods may do: no more than serving takes.</summary>
/// <remarks>
/// The engines' images run as root, so nobody is forced to be another user; but root without capabilities. RDMA may want IPC_LOCK where a
/// node limits locked memory: namespaces with the baseline pod security standard refuse it, so it is left to the node's limits.
/// </remarks>
internal static class SecurityContexts
{
    public static JsonObject Pod() => new() { ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } };

    public static JsonObject Container(bool nonRoot = false)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        };
        if (nonRoot) context["runAsNonRoot"] = true;
        return context;
    }
}
