using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Quotas;

namespace Slipway.Capacity.Queues;

/// <summary>A LocalQueue of Kueue (`kueue.x-k8s.io`), with what its ClusterQueue has.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name, as <c>spec.scheduling.queueName</c> gives it.</param>
/// <param name="ClusterQueue">The ClusterQueue that it leads to.</param>
/// <param name="Pending">Workloads that wait in it.</param>
/// <param name="Closed">Why it admits nothing, in words; null when it does.</param>
/// <param name="Borrows">Whether the ClusterQueue may have of others what they do not use (a cohort); null where it may not be read.</param>
/// <param name="Flavors">What the ClusterQueue has; empty where it may not be read.</param>
public sealed record NamespaceQueue(string Namespace, string Name, string ClusterQueue, long Pending, string? Closed, bool? Borrows, ImmutableArray<QueueFlavor> Flavors)
{
    /// <summary>Reads a queue.</summary>
    /// <param name="queue">The LocalQueue, in any version that Kueue has served.</param>
    /// <param name="cluster">Its ClusterQueue; undefined where that may not be read.</param>
    public static NamespaceQueue Read(JsonElement queue, JsonElement cluster) => new(
        queue.Text("metadata", "namespace"),
        queue.Text("metadata", "name"),
        queue.Text("spec", "clusterQueue"),
        queue.At("status", "pendingWorkloads") is { ValueKind: JsonValueKind.Number } pending && pending.TryGetInt64(out var waiting) ? waiting : 0,
        Why(queue) ?? Why(cluster),
        cluster.ValueKind is not JsonValueKind.Object ? null : cluster.Text("spec", "cohortName").Length + cluster.Text("spec", "cohort").Length > 0,
        [.. Read(cluster)]);

    /// <summary>The queue in a sentence.</summary>
    public string Say()
    {
        string[] parts =
        [
            .. Closed is { } why ? [$"it admits nothing: {why}"] : Array.Empty<string>(),
            .. Flavors.Where(static f => f.Nominal > 0).Select(static f => $"{new QuotaLine(f.Resource, f.Nominal, f.Reserved).Say().Replace(" used", " reserved", StringComparison.Ordinal)} in flavor {f.Flavor}"),
            .. Borrows switch { null => ["what it has may not be read"], true => ["it may borrow from its cohort"], _ => Array.Empty<string>() },
            .. Pending > 0 ? [$"{Pending} {(Pending == 1 ? "workload waits" : "workloads wait")} in it"] : Array.Empty<string>(),
        ];
        return $"queue {Name} (ClusterQueue {ClusterQueue}){(parts.Length == 0 ? "" : ": ")}{string.Join("; ", parts)}";
    }

    /// <summary>What of an ask the queue does not have left, in words; null where it has all, may borrow it, or it is not known.</summary>
    /// <param name="ask">What is about to be made.</param>
    public string? Lacks(QuotaAsk ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        if (Borrows is not false) return null;
        foreach (var resource in Flavors.GroupBy(static f => f.Resource, StringComparer.Ordinal))
        {
            var asks = ask.Pods.Where(static p => !p.IsMade).Sum(p => p.Count * (resource.Key is "pods" ? 1 : p.Each.GetValueOrDefault($"requests.{resource.Key}")));
            if (asks <= resource.Sum(static f => f.Left)) continue;
            var line = new QuotaLine(resource.Key, resource.Sum(static f => f.Nominal), resource.Sum(static f => f.Reserved));
            return $"queue {Name}: {line.Amount(line.Left!.Value)} of {line.Amount(line.Hard)} {resource.Key} left, this asks for {line.Amount(asks)}: it waits until others are done";
        }

        return null;
    }

    private static IEnumerable<QueueFlavor> Read(JsonElement cluster)
    {
        foreach (var flavor in cluster.At("spec").Items("resourceGroups").SelectMany(static g => g.Items("flavors")))
        {
            var reserved = cluster.At("status").Items("flavorsReservation").FirstOrDefault(f => f.Text("name") == flavor.Text("name"));
            foreach (var resource in flavor.Items("resources"))
            {
                yield return new QueueFlavor(
                    flavor.Text("name"), resource.Text("name"), QuantityReader.Amount(resource.At("nominalQuota")),
                    QuantityReader.Amount(reserved.Items("resources").FirstOrDefault(r => r.Text("name") == resource.Text("name")).At("total")));
            }
        }
    }

    private static string? Why(JsonElement queue)
    {
        if (queue.Text("spec", "stopPolicy") is { Length: > 0 } stop and not "None") return $"{queue.Text("kind")} {queue.Text("metadata", "name")} is stopped ({stop})";
        var active = queue.At("status").Items("conditions").FirstOrDefault(static c => c.Text("type") is "Active");
        return active.Text("status") is "False" ? active.Text("message").TrimEnd('.') : null;
    }
}
