using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Quotas;

/// <summary>Counts devices of a claim as quotas do.</summary>
/// <remarks>Of alternatives the most that one of them may take of each class counts, and of all devices 32, the most that a claim may have (`resource_claims.go` of Kubernetes' quota evaluators).</remarks>
internal static class ClaimCount
{
    private const int MostOfAClaim = 32;

    /// <summary>How many devices of which class.</summary>
    /// <param name="claim">The spec of a ResourceClaim (`resource.k8s.io/v1`).</param>
    public static IEnumerable<(string Class, long Devices)> Of(JsonElement claim)
    {
        foreach (var request in claim.At("devices").Items("requests"))
        {
            if (request.At("exactly") is { ValueKind: JsonValueKind.Object } exactly) yield return One(exactly);
            foreach (var most in request.Items("firstAvailable").Select(One).GroupBy(static a => a.Class, StringComparer.Ordinal)) yield return (most.Key, most.Max(static a => a.Devices));
        }
    }

    private static (string Class, long Devices) One(JsonElement request) => (
        request.Text("deviceClassName"),
        request.Text("allocationMode") is "All" ? MostOfAClaim : request.At("count") is { ValueKind: JsonValueKind.Number } count && count.TryGetInt64(out var devices) ? devices : 1);
}
