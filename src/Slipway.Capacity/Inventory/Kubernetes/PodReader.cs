using System.Globalization;
using System.Text.Json;

namespace Slipway.Capacity.Inventory.Kubernetes;

/// <summary>Reads what an inventory has to know from a Pod of Kubernetes (<c>v1</c>).</summary>
public static class PodReader
{
    /// <summary>Reads a pod.</summary>
    /// <param name="pod">The object.</param>
    /// <returns>The facts; null when the object has no name.</returns>
    public static PodFacts? Read(JsonElement pod)
    {
        var name = pod.Text("metadata", "name");
        if (name.Length == 0) return null;
        return new PodFacts
        {
            Namespace = pod.Text("metadata", "namespace"),
            Name = name,
            Node = pod.Text("spec", "nodeName"),
            Holds = pod.Text("status", "phase") is not ("Succeeded" or "Failed"),
            Created = DateTimeOffset.TryParse(pod.Text("metadata", "creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : null,
            Requests = Requests(pod.At("spec")),
            Labels = pod.Labels(),
        };
    }

    /// <summary>
    /// What the scheduler counts: containers run together; init containers run before them one by one, beside the sidecars (init containers
    /// that restart always) started so far; the overhead comes on top. A request for the pod as a whole goes before the containers'.
    /// </summary>
    /// <remarks><see href="https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers"/>.</remarks>
    internal static ResourceAmounts Requests(JsonElement spec)
    {
        var sidecars = ResourceAmounts.None;
        var start = ResourceAmounts.None;
        foreach (var container in spec.Items("initContainers"))
        {
            var own = Own(container);
            if (container.Text("restartPolicy") == "Always") sidecars = sidecars.Plus(own);
            start = start.Max(container.Text("restartPolicy") == "Always" ? sidecars : sidecars.Plus(own));
        }

        var running = sidecars;
        foreach (var container in spec.Items("containers")) running = running.Plus(Own(container));
        var total = running.Max(start);
        var whole = Own(spec);
        if (whole.CpuMillis > 0) total = total with { CpuMillis = whole.CpuMillis };
        if (whole.MemoryBytes > 0) total = total with { MemoryBytes = whole.MemoryBytes };
        return total.Plus(spec.At("overhead").Amounts());
    }

    // Where only a limit is given, the API server takes it for the request.
    private static ResourceAmounts Own(JsonElement container)
    {
        var requests = container.At("resources", "requests").Amounts();
        var limits = container.At("resources", "limits").Amounts();
        if (limits == ResourceAmounts.None) return requests;
        return new ResourceAmounts(
            requests.CpuMillis > 0 ? requests.CpuMillis : limits.CpuMillis,
            requests.MemoryBytes > 0 ? requests.MemoryBytes : limits.MemoryBytes,
            [.. requests.Extended, .. limits.Extended.Where(l => requests[l.Key] == 0)]);
    }
}
