using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>
/// A device as selectors see it: a name without a domain is the driver's, and a domain that a device lacks is empty
/// (dynamic-resource-allocation/cel). What is read of it is told, so that the answer holds for all devices that say the same there.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="read">Told of each read.</param>
internal sealed class DeviceValue(SliceDevice device, Action<DeviceRead> read) : ICelMap
{
    private static readonly CelEnvironment s_text = CelEnvironment.Kubernetes.WithVariable("text", CelType.String);
    private static readonly CelProgram s_quantity = s_text.Compile("quantity(text)").Program!;
    private static readonly CelProgram s_semver = s_text.Compile("semver(text)").Program!;

    // Devices of a cluster are few models many times over.
    private const int MostKept = 4096;
    private static readonly ConcurrentDictionary<(CelProgram, string), CelValue> s_kept = new();

    public int Count => 4;

    // A device has at most 32 attributes and capacities (ResourceSliceMaxAttributesAndCapacitiesPerDevice): looking would count as a read of all.
    public long Weight => 128;

    public IEnumerable<string> Keys => ["driver", "allowMultipleAllocations", "attributes", "capacity"];

    // The driver and whether a device is shareable are no reads: answers are kept apart by them.
    public CelValue? Find(string key) => key switch
    {
        "driver" => CelValue.From(device.Id.Driver),
        "allowMultipleAllocations" => CelValue.From(device.IsShareable),
        "attributes" or "capacity" => CelValue.From(new Domains(device, key, read)),
        _ => null,
    };

    private static CelValue Attribute(JsonElement value) => value.ValueKind is not JsonValueKind.Object ? CelValue.Null
        : value.TryGetProperty("version", out var version) ? Made(s_semver, version.GetString() ?? "")
        : value.EnumerateObject().Select(p => CelValue.FromJson(p.Value)).FirstOrDefault(CelValue.Null);

    private static CelValue Made(CelProgram program, string text)
    {
        if (s_kept.TryGetValue((program, text), out var kept)) return kept;
        var result = program.Evaluate(new Dictionary<string, CelValue> { ["text"] = CelValue.From(text) });
        var value = result.Value ?? CelValue.Failure(result.Error!);
        if (s_kept.Count < MostKept) s_kept[(program, text)] = value;
        return value;
    }

    private sealed class Domains(SliceDevice device, string member, Action<DeviceRead> read) : ICelMap
    {
        private string[]? _keys;

        public int Count => All().Length;

        public long Weight => 128;

        public IEnumerable<string> Keys => All();

        public CelValue? Find(string key) => CelValue.From(new Names(device, member, key, read));

        private string[] All()
        {
            read(DeviceRead.Whole(member));
            return _keys ??= [.. device.Names(member).Select(n => n.Domain).Distinct(StringComparer.Ordinal)];
        }
    }

    private sealed class Names(SliceDevice device, string member, string domain, Action<DeviceRead> read) : ICelMap
    {
        private string[]? _keys;

        public int Count => All().Length;

        public long Weight => 128;

        public IEnumerable<string> Keys => All();

        public CelValue? Find(string key)
        {
            var one = DeviceRead.Of(member, domain, key, device.Id.Driver);
            read(one);
            return device.Find(one) is { ValueKind: not JsonValueKind.Undefined } value ? member is "capacity" ? Made(s_quantity, value.Text("value")) : Attribute(value) : null;
        }

        private string[] All()
        {
            read(DeviceRead.Whole(member));
            return _keys ??= [.. device.Names(member).Where(n => n.Domain == domain).Select(n => n.Name)];
        }
    }
}
