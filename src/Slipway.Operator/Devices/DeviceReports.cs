using System.Net;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Devices;

/// <summary>What monitors of devices say, in ConfigMaps of the namespace that an administrator set aside for them: one for each node.</summary>
public static class DeviceReports
{
    /// <summary>The label of namespaces in which claims may look at devices that others have (`resource.k8s.io/v1`, KEP-5018). Slipway never sets it.</summary>
    public const string AdminAccess = "resource.kubernetes.io/admin-access";

    private static readonly Resource<CachedObject> s_namespaces = new("", "v1", "namespaces", "Namespace", false, KubeJson.Default.CachedObject, static n => n.Identity);

    /// <summary>Writes a report.</summary>
    /// <param name="client">The API.</param>
    /// <param name="ns">The monitors' namespace.</param>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public static Task WriteAsync(KubeClient client, string ns, NodeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(report);
        var key = new NamespacedName(ns, $"slipway-devices-{report.Node}");
        var map = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = ns, ["labels"] = new JsonObject { [NodeReport.Label] = "true" } },
            ["data"] = new JsonObject { [NodeReport.Key] = report.Write() },
        };
        return client.ApplyAsync(Kinds.ConfigMaps, key, map, "slipway-device-monitor", cancellationToken);
    }

    /// <summary>Reads the reports of all monitors, as far as they may be read.</summary>
    /// <param name="client">The API.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>In namespaces with the label alone: elsewhere whoever may write a ConfigMap could call a device broken.</remarks>
    public static async Task<IReadOnlyList<NodeReport>> ReadAsync(KubeClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var reports = new List<NodeReport>();
        try
        {
            foreach (var space in await client.ListAsync(s_namespaces, null, cancellationToken, $"labelSelector={Uri.EscapeDataString($"{AdminAccess}=true")}"))
            {
                var maps = await client.ListAsync(Kinds.ConfigMaps, space.Identity.Key.Name, cancellationToken, $"labelSelector={Uri.EscapeDataString($"{NodeReport.Label}=true")}");
                reports.AddRange(maps.Select(static m => NodeReport.Read(m.Json.Text("data", NodeReport.Key) ?? "")).OfType<NodeReport>());
            }
        }
        catch (KubeApiException unread) when (unread.Code is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            // Who may not read them sees the devices as their drivers publish them.
        }

        return reports;
    }

    /// <summary>Whether an administrator set a namespace aside; null when there is none of that name.</summary>
    /// <param name="client">The API.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public static async Task<bool?> IsSetAsideAsync(KubeClient client, string ns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await client.GetAsync(s_namespaces, new NamespacedName("", ns), cancellationToken) is { } found ? found.Label(AdminAccess) == "true" : null;
    }
}
