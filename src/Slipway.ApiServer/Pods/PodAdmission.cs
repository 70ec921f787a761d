using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Kinds.PodSpecs;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Pods;

/// <summary>
/// What a cluster's built-in admission gives to each pod: the priority of its class, an account, and time on a lost node. Whether the account exists
/// is not asked, since nothing here makes the one that each namespace has in a cluster.
/// </summary>
internal sealed class PodAdmission(ObjectStore store)
{
    private readonly Bucket _classes = store.Bucket("scheduling.k8s.io/priorityclasses");

    /// <exception cref="ApiException">The pod names a class that does not exist, or a priority that is not its class's.</exception>
    public void Admit(ApiRequest request, JsonMap pod)
    {
        if (!PodParts.IsPod(request.Type) || pod.Map("spec") is not { } spec) return;
        if (spec.Text("serviceAccountName") is null or "")
        {
            var account = spec.Text("serviceAccount") is { Length: > 0 } old ? old : "default";
            spec["serviceAccountName"] = account;
            spec["serviceAccount"] = account;
        }

        Prioritise(request.Type, pod, spec);
        DefaultTolerations.Add(spec);
    }

    /// <summary>Keeps on an update what was given on creation.</summary>
    public static void Carry(ResourceType type, JsonMap next, JsonMap old)
    {
        if (!PodParts.IsPod(type) || next.Map("spec") is not { } spec || old.Map("spec") is not { } before) return;
        foreach (var name in (string[])["priority", "preemptionPolicy"])
            if (before.At(name) is { } given) spec.TryAdd(name, given);
        DefaultTolerations.Add(spec);
    }

    private void Prioritise(ResourceType type, JsonMap pod, JsonMap spec)
    {
        var name = spec.Text("priorityClassName") ?? "";
        var found = name.Length > 0 ? Named(name) ?? throw Refused(type, pod, $"no PriorityClass with name {name} was found") : Default();
        if (found.Name.Length > 0) spec["priorityClassName"] = found.Name;
        if (spec.At("priority") is long own && own != found.Value)
            throw Refused(type, pod, $"the integer value of priority ({own}) must not be provided in pod spec; priority admission controller computed {found.Value} from the given PriorityClass name");
        spec["priority"] = found.Value;
        if (found.Preemption is not { } preemption) return;
        if (spec.Text("preemptionPolicy") is { Length: > 0 } wanted && wanted != preemption)
            throw Refused(type, pod, $"the string value of PreemptionPolicy ({wanted}) must not be provided in pod spec; priority admission controller computed {preemption} from the given PriorityClass name");
        spec["preemptionPolicy"] = preemption;
    }

    private Priority? Named(string name)
    {
        if (_classes.Find("/" + name) is { } stored) return Priority.Read(stored);
        // Every cluster has these two from its start.
        return name switch
        {
            "system-cluster-critical" => new(name, 2_000_000_000, "PreemptLowerPriority"),
            "system-node-critical" => new(name, 2_000_001_000, "PreemptLowerPriority"),
            _ => null,
        };
    }

    private Priority Default()
    {
        Priority? lowest = null;
        foreach (var stored in _classes.Current.Objects)
        {
            if (stored.Parse() is not { } value || value.At("globalDefault") is not true) continue;
            var candidate = Priority.Read(stored);
            if (lowest is null || candidate.Value < lowest.Value) lowest = candidate;
        }

        return lowest ?? new("", 0, "PreemptLowerPriority");
    }

    private static ApiException Refused(ResourceType type, JsonMap pod, string why) =>
        Errors.Forbidden(type, pod.Text("metadata", "name") is { Length: > 0 } name ? name : pod.Text("metadata", "generateName") ?? "Unknown", why);

    private sealed record Priority(string Name, long Value, string? Preemption)
    {
        public static Priority Read(StoredObject stored)
        {
            var value = stored.Parse();
            return new(stored.Name, value.At("value") as long? ?? 0, value.Text("preemptionPolicy"));
        }
    }
}
