using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Queues;

/// <summary>What Kueue says of something that waits in a queue, by its Workloads.</summary>
/// <param name="Waiting">How many wait.</param>
/// <param name="Admitted">How many were let in.</param>
/// <param name="Message">Why the first that waits does, in Kueue's words; empty where none waits or Kueue gives no reason.</param>
public sealed record QueueAdmission(int Waiting, int Admitted, string Message)
{
    private static readonly ImmutableArray<string> Conditions = ["QuotaReserved", "Admitted"];

    /// <summary>Reads what belongs to some objects.</summary>
    /// <param name="workloads">The Workloads of a namespace, in any version that Kueue has served.</param>
    /// <param name="owners">The uids of objects and pods that may have one.</param>
    public static QueueAdmission Of(IEnumerable<JsonElement> workloads, IReadOnlySet<string> owners)
    {
        ArgumentNullException.ThrowIfNull(workloads);
        ArgumentNullException.ThrowIfNull(owners);
        var (waiting, admitted, message) = (0, 0, "");
        foreach (var workload in workloads.Where(w => w.At("metadata").Items("ownerReferences").Any(o => owners.Contains(o.Text("uid")))).OrderBy(static w => w.Text("metadata", "name"), StringComparer.Ordinal))
        {
            List<JsonElement> conditions = [.. workload.At("status").Items("conditions")];
            JsonElement Find(string type) => conditions.Find(c => c.Text("type") == type);
            if (Find("Finished").Text("status") is "True") continue;
            if (Find("Admitted").Text("status") is "True")
            {
                admitted++;
                continue;
            }

            waiting++;
            if (message.Length > 0) continue;
            message = Conditions.Select(Find).Where(static c => c.Text("status") is "False").Select(static c => c.Text("message")).FirstOrDefault(static m => m.Length > 0, "");
            // Turned out again, by whoever is more important.
            if (Find("Evicted") is var evicted && evicted.Text("status") is "True" && evicted.Text("message") is { Length: > 0 } why && why != message) message = $"{why.TrimEnd('.')}{(message.Length == 0 ? "" : $"; {message}")}";
            // Checks of others, such as a node to be made for it, come after the quota.
            foreach (var check in workload.At("status").Items("admissionChecks").Where(static c => c.Text("state") is not "Ready" && c.Text("message").Length > 0))
                message += $"{(message.Length == 0 ? "" : "; ")}{check.Text("name")}: {check.Text("message")}";
        }

        return new QueueAdmission(waiting, admitted, message.TrimEnd('.'));
    }
}
