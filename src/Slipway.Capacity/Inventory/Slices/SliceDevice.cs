using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Which device: unique among all that drivers publish.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Pool">Its pool, which often is a node.</param>
/// <param name="Name">Its name in the pool.</param>
public readonly record struct DeviceId(string Driver, string Pool, string Name)
{
    /// <summary>The device that an entry of a claim's allocation names.</summary>
    internal static DeviceId Of(JsonElement result) => new(result.Text("driver"), result.Text("pool"), result.Text("device"));
}

/// <summary>A device as its driver publishes it in a ResourceSlice (`resource.k8s.io/v1`).</summary>
/// <param name="Id">Which.</param>
/// <param name="Node">The node that has it; empty where several nodes reach it.</param>
/// <param name="Json">Attributes, capacity, taints and counters.</param>
public sealed record SliceDevice(DeviceId Id, string Node, JsonElement Json)
{
    private (string Set, string Counter, long Amount)[]? _consumes;

    /// <summary>Whether several claims may use it at once, each a share of its capacity.</summary>
    public bool IsShareable { get; } = Json.At("allowMultipleAllocations").ValueKind is JsonValueKind.True;

    /// <summary>Where it stands among the devices of its pools.</summary>
    internal int Index { get; init; }

    /// <summary>What says which nodes reach it, where it is none's own: <c>nodeSelector</c> or <c>allNodes</c>, of the slice or of itself.</summary>
    internal JsonElement Reach { get; init; }

    /// <summary>Which slice it is of, where each device of that says itself which nodes reach it; null otherwise.</summary>
    internal string? Mixed { get; init; }

    /// <summary>Whether a node reaches it.</summary>
    internal bool Reaches(string node, IReadOnlyDictionary<string, string> labels) =>
        Node.Length > 0 ? Node == node : Reach.At("allNodes").ValueKind is JsonValueKind.True || NodeSelectorTerms.Choose(Reach.At("nodeSelector"), node, labels);

    /// <summary>What it takes of the counters that the partitions of a device share.</summary>
    internal ReadOnlySpan<(string Set, string Counter, long Amount)> Consumes =>
        _consumes ??= [.. Json.Items("consumesCounters").SelectMany(static c => DevicePools.Amounts(c, "counterSet"))];

    /// <summary>An attribute as it is written, by its qualified name; null when there is none.</summary>
    internal string? Attribute(string qualified) => Find("attributes", qualified) is { ValueKind: JsonValueKind.Object } value ? value.GetRawText() : null;

    /// <summary>The text of a string attribute, by its qualified name; null when there is none.</summary>
    internal string? Text(string qualified) => Find("attributes", qualified).Text("string") is { Length: > 0 } text ? text : null;

    /// <summary>A capacity, by its name; without a domain it is the driver's.</summary>
    internal long? Capacity(string name) => Find("capacity", name) is { ValueKind: JsonValueKind.Object } value ? QuantityReader.Units(value.Text("value")) : null;

    /// <summary>What a selector reads.</summary>
    internal JsonElement Find(DeviceRead read)
    {
        var member = Json.At(read.Member);
        if (read.Qualified.Length == 0) return member;
        var found = member.At(read.Qualified);
        return found.ValueKind is JsonValueKind.Undefined && read.Bare is { } bare ? member.At(bare) : found;
    }

    /// <summary>The same as it is written; empty when it is not there.</summary>
    internal ReadOnlySpan<byte> Raw(DeviceRead read) => Find(read) is { ValueKind: not JsonValueKind.Undefined } value ? JsonMarshal.GetRawUtf8Value(value) : default;

    /// <summary>The names of attributes or capacities, each with its domain.</summary>
    internal IEnumerable<(string Domain, string Name)> Names(string member)
    {
        if (Json.At(member) is not { ValueKind: JsonValueKind.Object } names) yield break;
        foreach (var entry in names.EnumerateObject())
        {
            var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
            yield return (slash < 0 ? Id.Driver : entry.Name[..slash], entry.Name[(slash + 1)..]);
        }
    }

    private JsonElement Find(string member, string name)
    {
        var found = Json.At(member, name);
        return found.ValueKind is JsonValueKind.Undefined && name.StartsWith(Id.Driver, StringComparison.Ordinal) && name.Length > Id.Driver.Length && name[Id.Driver.Length] == '/'
            ? Json.At(member, name[(Id.Driver.Length + 1)..]) : found;
    }
}
