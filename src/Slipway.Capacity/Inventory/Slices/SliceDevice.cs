using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Which device: unique among all that drivers publish.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Pool">Its pool, which often is a node.</param>
/// <param name="Name">Its name in the pool.</param>
public readonly record struct DeviceId(string Driver, string Pool, string Name);

/// <summary>A device as its driver publishes it in a ResourceSlice (`resource.k8s.io/v1`).</summary>
/// <param name="Id">Which.</param>
/// <param name="Node">The node that has it; empty where several nodes reach it.</param>
/// <param name="Json">Attributes, capacity, taints and counters.</param>
public sealed record SliceDevice(DeviceId Id, string Node, JsonElement Json)
{
    private Dictionary<string, CelValue>? _variables;

    /// <summary>Whether several claims may use it at once, each a share of its capacity.</summary>
    public bool IsShareable => Json.At("allowMultipleAllocations").ValueKind is JsonValueKind.True;

    /// <summary>The variable `device` of selectors; made when it is first asked for.</summary>
    internal IReadOnlyDictionary<string, CelValue> Variables => _variables ??= new() { ["device"] = DeviceValue.Of(this) };

    /// <summary>An attribute, by its qualified name.</summary>
    internal string? Attribute(string qualified) => Find("attributes", qualified) is { ValueKind: JsonValueKind.Object } value ? value.GetRawText() : null;

    /// <summary>A capacity, by its name; without a domain it is the driver's.</summary>
    internal long? Capacity(string name) => Find("capacity", name) is { ValueKind: JsonValueKind.Object } value ? QuantityReader.Units(value.Text("value")) : null;

    private JsonElement Find(string member, string name)
    {
        var found = Json.At(member, name);
        return found.ValueKind is JsonValueKind.Undefined && name.StartsWith(Id.Driver + "/", StringComparison.Ordinal) ? Json.At(member, name[(Id.Driver.Length + 1)..]) : found;
    }
}
