using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Capacity.Inventory.Slices.Allocation;

namespace Slipway.Simulation.Scheduling;

/// <summary>Places pods one at a time, and takes them away again; what is left of nodes and devices changes with it.</summary>
/// <param name="nodes">The nodes, with their pods.</param>
/// <param name="allocator">The devices.</param>
/// <param name="extended">Which extended resources are claims.</param>
/// <param name="claims">Finds a claim by namespace and name.</param>
/// <param name="volumes">Why a volume of a pod is not to be had; null when all are.</param>
internal sealed class Placer(
    IReadOnlyList<NodeState> nodes, DeviceAllocator allocator, ExtendedResources extended, Func<string, string, ClaimState?> claims, Func<PodState, string?> volumes)
{
    private readonly NodeFilter _filter = new(nodes, extended);

    /// <summary>Places a pod on the best node that takes it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="group">Its gang.</param>
    /// <param name="among">The nodes that come into question.</param>
    /// <returns>Where it is; or why nowhere.</returns>
    public (Placement? Placement, NoPlace? Refusal) Place(PodState pod, GroupState? group, IReadOnlyCollection<NodeState> among)
    {
        NoPlace Everywhere(string why) => NoPlace.Unschedulable(string.Create(CultureInfo.InvariantCulture, $"0/{among.Count} nodes are available: {why}."));
        if (volumes(pod) is { } waits) return (null, Everywhere(waits));
        var (own, refusal) = PodClaims.Of(pod, group, claims, allocator);
        if (own is null) return (null, Everywhere(refusal!));
        var (told, best) = (new Refusals(), default(Candidate));
        foreach (var node in among)
        {
            var objections = _filter.Objections(pod, node).ToList();
            if (objections.Count > 0)
            {
                told.Add(objections);
                continue;
            }

            if (own.Used.Any(c => !c.Claim.Reaches(node)))
            {
                told.Add("node(s) didn't reach the devices of an allocated claim");
                continue;
            }

            var (candidate, objection, isError) = Devices(pod, own, node);
            if (isError) return (null, new("SchedulerError", $"running \"DynamicResources\" filter plugin: {objection}"));
            if (candidate is null) told.Add(objection);
            else if (best is null || candidate.Score > best.Score) best = candidate;
        }

        return best is null ? (null, NoPlace.Unschedulable(told.Told())) : (Take(pod, own, best), null);
    }

    /// <summary>Takes a pod away again.</summary>
    public void Undo(Placement placement)
    {
        placement.Node.Remove(placement.Pod);
        placement.Pod.Node = "";
        foreach (var (claim, consumer) in placement.Used) claim.Added.Remove(consumer);
        foreach (var claim in placement.Allocated)
        {
            allocator.GiveBack(claim.Given);
            (claim.Given, claim.GivenOn) = (default, "");
        }

        if (placement.Extended is { } given) allocator.GiveBack(given.Grants);
    }

    private (Candidate? Candidate, string Refusal, bool IsError) Devices(PodState pod, PodClaims own, NodeState node)
    {
        var made = pod.Json.At("status", "extendedResourceClaimStatus").ValueKind is JsonValueKind.Object ? null : extended.ClaimFor(pod, node);
        var needs = own.Needs.Select(static n => n.Needs).ToList();
        if (made is { } stands)
        {
            var (read, refusal) = allocator.Read(stands.Spec);
            if (read is null) return (null, refusal!, true);
            needs.Add(read);
        }

        if (needs.Count == 0) return (new(node, [], null, Score(pod, node, [])), "", false);
        var answer = allocator.Find(node.Name, node.Labels, needs);
        return answer.Grants is { } grants ? (new(node, grants, made, Score(pod, node, grants)), "", false) : (null, answer.Failure ?? answer.Refusal, answer.Failure is not null);
    }

    private Placement Take(PodState pod, PodClaims own, Candidate best)
    {
        allocator.Take(best.Grants);
        for (var i = 0; i < own.Needs.Length; i++)
        {
            own.Needs[i].Claim.Given = [.. best.Grants.Where(g => g.Claim == i)];
            own.Needs[i].Claim.GivenOn = best.Node.Name;
        }

        var used = own.Used.Where(static u => u.Claim.Use(u.Consumer)).ToImmutableArray();
        best.Node.Add(pod);
        pod.Node = best.Node.Name;
        return new(pod, best.Node, [.. own.Needs.Select(static n => n.Claim)], used)
        {
            Extended = best.Made is { } made ? new(made.Spec, made.Mappings, [.. best.Grants.Where(g => g.Claim == own.Needs.Length)]) : null,
        };
    }

    // The weights of the default profile: affinity 2, least allocated 1, alternatives 2; each of 100.
    private static double Score(PodState pod, NodeState node, ImmutableArray<DeviceGrant> grants)
    {
        var (cpu, memory) = (node.Facts.Allocatable.CpuMillis, node.Facts.Allocatable.MemoryBytes);
        var free = (Share(cpu - node.Cpu - pod.Requests.CpuMillis, cpu) + Share(memory - node.Memory - pod.Requests.MemoryBytes, memory)) / 2;
        var ranked = grants.Where(static g => g.Alternative.IsOneOfSeveral).Select(static g => 8 - g.Alternative.Rank).DefaultIfEmpty(0).Average() / 8;
        return (200 * NodeChoice.Preference(pod, node)) + (100 * free) + (200 * ranked);
    }

    private static double Share(long left, long all) => all <= 0 ? 0 : Math.Max(0, (double)left / all);

    private sealed record Candidate(NodeState Node, ImmutableArray<DeviceGrant> Grants, (JsonElement Spec, ImmutableArray<(string Container, string Resource, string Request)> Mappings)? Made, double Score);
}
