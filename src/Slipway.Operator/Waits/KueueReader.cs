using System.Net;
using System.Text.Json;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Waits;

/// <summary>Reads objects of Kueue, in the newest version that the cluster serves.</summary>
internal static class KueueReader
{
    private static readonly string[] s_versions = ["v1beta2", "v1beta1"];

    /// <summary>Reads all of one kind.</summary>
    /// <param name="client">The API.</param>
    /// <param name="plural">The kind, as in paths.</param>
    /// <param name="ns">The namespace; all, or none for kinds without, when null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The objects; null on a cluster without Kueue.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public static async Task<IReadOnlyList<JsonElement>?> ListAsync(KubeClient client, string plural, string? ns, CancellationToken cancellationToken)
    {
        foreach (var version in s_versions)
        {
            try
            {
                return [.. (await client.ListAsync(Kind(plural, version), ns, cancellationToken)).Select(static o => o.Json)];
            }
            catch (KubeApiException absent) when (absent.Code is HttpStatusCode.NotFound)
            {
                // Another version, or none.
            }
        }

        return null;
    }

    private static Resource<CachedObject> Kind(string plural, string version) =>
        new("kueue.x-k8s.io", version, plural, plural, plural is not "clusterqueues", KubeJson.Default.CachedObject, static o => o.Identity);
}
