using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices.Allocation;

namespace Slipway.Simulation.Scheduling;

/// <summary>The claims of one pod.</summary>
/// <param name="Used">All claims that it names, each with who uses it.</param>
/// <param name="Needs">What those ask for that have no devices yet.</param>
internal sealed record PodClaims(ImmutableArray<(ClaimState Claim, Consumer Consumer)> Used, ImmutableArray<(ClaimState Claim, ClaimNeeds Needs)> Needs)
{
    public static PodClaims None { get; } = new([], []);

    /// <summary>Reads them.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="group">Its gang, which may have claims of its own.</param>
    /// <param name="claims">The claims of the cluster.</param>
    /// <param name="allocator">Reads what claims ask for.</param>
    /// <returns>The claims; or why the pod waits for them.</returns>
    public static (PodClaims? Claims, string? Refusal) Of(PodState pod, GroupState? group, Func<string, string, ClaimState?> claims, DeviceAllocator allocator)
    {
        var used = ImmutableArray.CreateBuilder<(ClaimState, Consumer)>();
        var needs = ImmutableArray.CreateBuilder<(ClaimState, ClaimNeeds)>();
        foreach (var entry in pod.Spec.Items("resourceClaims"))
        {
            var ofGroup = group?.Shares(entry) is true;
            var name = NameOf(pod, entry, ofGroup ? group : null);
            if (name.Length == 0) return (null, $"waiting for the ResourceClaim of entry {entry.Text("name")} to be made");
            if (claims(pod.Key.Namespace, name) is not { } claim) return (null, $"resourceclaim \"{name}\" not found");
            if (claim.IsDeleting) return (null, $"resourceclaim \"{name}\" is being deleted");
            var consumer = ofGroup ? new Consumer("podgroups", group!.Key.Name, group.Uid) : new Consumer("pods", pod.Key.Name, pod.Uid);
            if (!claim.HasRoom(consumer.Uid)) return (null, $"resourceclaim \"{name}\" is used by {ClaimState.MostConsumers} pods, which is the most");
            used.Add((claim, consumer));
            if (claim.IsAllocated || needs.Any(n => n.Item1 == claim)) continue;
            var (read, refusal) = allocator.Read(claim.Json.At("spec"));
            if (read is null) return (null, refusal!);
            needs.Add((claim, read));
        }

        // Given before, and not bound yet: it holds the pod to its node.
        if (pod.Json.Text("status", "extendedResourceClaimStatus", "resourceClaimName") is { Length: > 0 } extended && claims(pod.Key.Namespace, extended) is { } made)
            used.Add((made, new Consumer("pods", pod.Key.Name, pod.Uid)));
        return (used.Count == 0 ? None : new(used.ToImmutable(), needs.ToImmutable()), null);
    }

    private static string NameOf(PodState pod, JsonElement entry, GroupState? group)
    {
        if (entry.Text("resourceClaimName") is { Length: > 0 } own) return own;
        var statuses = (group?.Json ?? pod.Json).At("status").Items("resourceClaimStatuses");
        return statuses.FirstOrDefault(s => s.Text("name") == entry.Text("name")).Text("resourceClaimName");
    }
}
