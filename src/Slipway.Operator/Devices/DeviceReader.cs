using System.Net;
using System.Text.Json;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Devices;

/// <summary>Reads what a cluster says of devices.</summary>
public static class DeviceReader
{
    /// <summary>Reads slices, classes and claims.</summary>
    /// <param name="client">The API.</param>
    /// <param name="withClaims">Whether it matters what is in use.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The devices; none on a cluster that does not serve `resource.k8s.io/v1`, and none with a note where they may not be read.</returns>
    public static async Task<ClusterDevices> ReadAsync(KubeClient client, bool withClaims, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            var slices = await ListAsync(Kinds.ResourceSlices);
            var classes = await ListAsync(Kinds.DeviceClasses);
            return ClusterDevices.Read(slices, classes, withClaims ? await ListAsync(Kinds.ResourceClaims) : []);
        }
        catch (KubeApiException absent) when (absent.Code == HttpStatusCode.NotFound)
        {
            return ClusterDevices.None;
        }
        catch (KubeApiException refused) when (refused.Code == HttpStatusCode.Forbidden)
        {
            return ClusterDevices.None with
            {
                Note = $"devices that drivers publish are not counted: {refused.Message.TrimEnd('.')}. Ask for the right to list resourceslices, deviceclasses and resourceclaims (resource.k8s.io) in all namespaces",
            };
        }

        async Task<IReadOnlyList<JsonElement>> ListAsync(Resource<CachedObject> resource) =>
            [.. (await client.ListAsync(resource, null, cancellationToken)).Select(static o => o.Json)];
    }
}
