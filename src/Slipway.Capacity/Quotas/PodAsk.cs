using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Quotas;

/// <summary>What pods of one shape ask for, as quotas count it.</summary>
public sealed record PodAsk
{
    /// <summary>How many such pods.</summary>
    public required int Count { get; init; }

    /// <summary>Whether the pods are there and counted, and only their claims are yet to be made.</summary>
    public bool IsMade { get; init; }

    /// <summary>What one asks for, by the quota's names: cores, bytes, devices.</summary>
    public required FrozenDictionary<string, decimal> Each { get; init; }

    /// <summary>What a container leaves unsaid that a quota may want it to say, such as <c>limits.memory</c>.</summary>
    public ImmutableArray<string> Unsaid { get; init; } = [];

    /// <summary>The specs of the claims of devices that are made for one.</summary>
    public ImmutableArray<JsonElement> Claims { get; init; } = [];

    /// <summary>Accelerators that one asks for: by number, and by claims made for it.</summary>
    public long Accelerators => (long)Each.Where(static e => e.Key.StartsWith(Requests, StringComparison.Ordinal) && NodeMatcher.IsAccelerator(e.Key[Requests.Length..])).Sum(static e => e.Value)
        + Claims.Sum(static c => ClaimCount.Of(c).Sum(static d => d.Devices));

    private const string Requests = "requests.";

    /// <summary>The priority class; null when none is named.</summary>
    public string? PriorityClass { get; init; }

    /// <summary>Whether it is ended after a time.</summary>
    public bool HasDeadline { get; init; }

    /// <summary>Whether no container asks for processors or memory.</summary>
    public bool IsBestEffort { get; init; }

    /// <summary>Whether its affinity looks at pods of other namespaces.</summary>
    public bool LooksElsewhere { get; init; }

    /// <summary>Reads a pod's spec.</summary>
    /// <param name="spec">The spec, of a pod or of a template.</param>
    /// <param name="count">How many such pods.</param>
    /// <param name="templates">The spec of a claim by the name of its template; undefined where it is not known.</param>
    public static PodAsk Of(JsonElement spec, int count, Func<string, JsonElement> templates)
    {
        ArgumentNullException.ThrowIfNull(templates);
        var requests = PodReader.Requests(spec);
        var each = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["requests.cpu"] = requests.CpuMillis / 1000m, ["requests.memory"] = requests.MemoryBytes };
        foreach (var (name, units) in requests.Extended) each[$"requests.{name}"] = units;
        List<JsonElement> containers = [.. spec.Items("containers"), .. spec.Items("initContainers")];
        var limits = spec.Items("containers").Select(static c => c.At("resources", "limits").Amounts()).Aggregate(ResourceAmounts.None, static (a, b) => a.Plus(b));
        (each["limits.cpu"], each["limits.memory"]) = (limits.CpuMillis / 1000m, limits.MemoryBytes);
        return new PodAsk
        {
            Count = count,
            Each = each.ToFrozenDictionary(StringComparer.Ordinal),
            Unsaid = [.. Wanted.Where(w => containers.Exists(c => !Says(c, w.Kind, w.Resource))).Select(static w => $"{w.Kind}.{w.Resource}")],
            Claims = [.. spec.Items("resourceClaims").Select(c => c.Text("resourceClaimTemplateName")).Where(static n => n.Length > 0).Select(templates).Where(static c => c.ValueKind is JsonValueKind.Object)],
            PriorityClass = spec.Text("priorityClassName") is { Length: > 0 } priority ? priority : null,
            HasDeadline = spec.At("activeDeadlineSeconds").ValueKind is JsonValueKind.Number,
            IsBestEffort = requests is { CpuMillis: 0, MemoryBytes: 0 } && limits is { CpuMillis: 0, MemoryBytes: 0 },
            LooksElsewhere = spec.At("affinity").ValueKind is JsonValueKind.Object && spec.At("affinity").GetRawText() is var affinity
                && (affinity.Contains("\"namespaces\"", StringComparison.Ordinal) || affinity.Contains("\"namespaceSelector\"", StringComparison.Ordinal)),
        };
    }

    // Quotas that limit one of these refuse pods that do not say it.
    private static readonly ImmutableArray<(string Kind, string Resource)> Wanted = [("requests", "cpu"), ("requests", "memory"), ("limits", "cpu"), ("limits", "memory")];

    // Where only a limit is given, the API server takes it for the request.
    private static bool Says(JsonElement container, string kind, string resource) =>
        container.At("resources", kind, resource).ValueKind is not JsonValueKind.Undefined || (kind is "requests" && container.At("resources", "limits", resource).ValueKind is not JsonValueKind.Undefined);
}
