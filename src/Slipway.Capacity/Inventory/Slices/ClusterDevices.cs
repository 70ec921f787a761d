using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>What a cluster says of devices by dynamic resource allocation (`resource.k8s.io/v1`), at one moment.</summary>
/// <param name="Pools">The devices.</param>
/// <param name="Classes">The DeviceClasses, by name.</param>
/// <param name="Claims">The ResourceClaims of all namespaces.</param>
public sealed record ClusterDevices(DevicePools Pools, IReadOnlyDictionary<string, JsonElement> Classes, ImmutableArray<JsonElement> Claims)
{
    /// <summary>A cluster without any.</summary>
    public static ClusterDevices None { get; } = Read([], [], []);

    /// <summary>What could not be read, in words; null when all could.</summary>
    public string? Note { get; init; }

    /// <summary>Reads objects.</summary>
    /// <param name="slices">The ResourceSlices.</param>
    /// <param name="classes">The DeviceClasses.</param>
    /// <param name="claims">The ResourceClaims of all namespaces.</param>
    public static ClusterDevices Read(IEnumerable<JsonElement> slices, IEnumerable<JsonElement> classes, IEnumerable<JsonElement> claims) => new(
        DevicePools.Read(slices), classes.DistinctBy(static c => c.Text("metadata", "name")).ToFrozenDictionary(static c => c.Text("metadata", "name")), [.. claims]);

    /// <summary>Why a pod waits: what stands in the way of those of its claims that have no devices yet.</summary>
    /// <param name="pod">The Pod (`v1`).</param>
    /// <param name="nodes">The nodes, where they are known.</param>
    /// <returns>One sentence for each claim; none where all have devices.</returns>
    public IEnumerable<string> Waits(JsonElement pod, IReadOnlyCollection<NodeFacts>? nodes = null)
    {
        foreach (var name in pod.At("spec").Items("resourceClaims").Select(c => c.Text("resourceClaimName") is { Length: > 0 } own ? own : Made(pod, c.Text("name"))))
        {
            var claim = Claims.FirstOrDefault(c => c.Text("metadata", "name") == name && c.Text("metadata", "namespace") == pod.Text("metadata", "namespace"));
            if (name.Length == 0 || claim.ValueKind is JsonValueKind.Undefined || claim.At("status", "allocation").ValueKind is JsonValueKind.Object) continue;
            var fit = DeviceFit.Of(claim.At("spec"), this, nodes);
            var because = fit.Reasons.IsEmpty ? "" : $": {string.Join("; ", fit.Reasons)}";
            yield return fit.Verdict switch
            {
                DeviceVerdict.Fits => $"claim {name} would fit {(fit.Nodes.Count == 1 ? $"node {fit.Nodes.Keys.First()}" : $"{fit.Nodes.Count} nodes")}: something else stands in its pod's way",
                DeviceVerdict.FitsWhenIdle => $"claim {name} waits for devices that others have{because}",
                DeviceVerdict.Never => $"claim {name} fits no node{because}",
                _ => $"whether claim {name} fits cannot be told{because}",
            };
        }
    }

    // Of a template, under a name that the control plane chose.
    private static string Made(JsonElement pod, string entry) => pod.At("status").Items("resourceClaimStatuses").FirstOrDefault(s => s.Text("name") == entry).Text("resourceClaimName");
}
