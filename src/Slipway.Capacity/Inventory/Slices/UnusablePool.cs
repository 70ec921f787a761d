using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>A pool of devices of which the scheduler takes none.</summary>
/// <param name="Name">Driver and pool, with a slash between.</param>
/// <param name="Why">Why, in words.</param>
/// <param name="IsInvalid">Whether its slices contradict each other; else they are not all there.</param>
public sealed record UnusablePool(string Name, string Why, bool IsInvalid)
{
    private ImmutableArray<JsonElement> Slices { get; init; } = [];

    /// <summary>The nodes that have devices of it.</summary>
    internal IEnumerable<string> Nodes => Slices.Concat(Slices.SelectMany(static s => s.Items("devices"))).Select(static s => s.Text("nodeName")).Where(static n => n.Length > 0).Distinct();

    /// <summary>Reads the slices of a pool.</summary>
    /// <returns>Why nothing is taken of it; null when it is as it should be.</returns>
    internal static UnusablePool? Of(string name, IReadOnlyList<JsonElement> slices, bool isComplete) =>
        !isComplete ? new(name, "its driver is still publishing it", IsInvalid: false) { Slices = [.. slices] }
        : Fault(slices) is { } fault ? new(name, fault, IsInvalid: true) { Slices = [.. slices] } : null;

    /// <summary>Whether a node reaches devices of it. Counters that devices share are of every node.</summary>
    internal bool Reaches(string node, IReadOnlyDictionary<string, string> labels) => Slices.Any(s =>
        s.Items("sharedCounters").Any() || Reaches(s, node, labels) || s.At("perDeviceNodeSelection").ValueKind is JsonValueKind.True && s.Items("devices").Any(d => Reaches(d, node, labels)));

    private static bool Reaches(JsonElement of, string node, IReadOnlyDictionary<string, string> labels) =>
        of.Text("nodeName") is { Length: > 0 } own ? own == node
        : of.At("allNodes").ValueKind is JsonValueKind.True || of.At("nodeSelector") is { ValueKind: JsonValueKind.Object } selector && NodeSelectorTerms.Choose(selector, node, labels);

    // Rules that the API cannot hold, for it sees one slice at a time (dynamic-resource-allocation/structured, buildPool).
    private static string? Fault(IReadOnlyList<JsonElement> slices)
    {
        var devices = slices.SelectMany(static s => s.Items("devices")).ToList();
        if (devices.GroupBy(static d => d.Text("name")).FirstOrDefault(static g => g.Skip(1).Any()) is { } twice) return $"two of its devices are called {twice.Key}";
        var sets = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var set in slices.SelectMany(static s => s.Items("sharedCounters")))
        {
            if (!sets.TryAdd(set.Text("name"), [.. DevicePools.Amounts(set, "name").Select(static a => a.Counter)])) return $"two of its counter sets are called {set.Text("name")}";
        }

        foreach (var (set, counter, _) in devices.SelectMany(static d => d.Items("consumesCounters")).SelectMany(static c => DevicePools.Amounts(c, "counterSet")))
        {
            if (!sets.TryGetValue(set, out var counters) || !counters.Contains(counter)) return $"a device consumes {counter} of the counter set {set}, which is not there";
        }

        return null;
    }
}
